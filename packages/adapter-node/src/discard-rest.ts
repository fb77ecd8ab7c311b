import type { IncomingMessage } from 'node:http'
import { constants } from 'node:http2'
import { streamOf } from './http2.ts'
import type { RequestBody } from './request-body.ts'

/** Milliseconds for each of the two steps: until we stop sending, and until we stop receiving. */
const PATIENCE = 2_000

/**
 * Takes in what is left of a body whose request has been answered. Left unread it would block the
 * connection's next request; cut off at once, the client might not see the answer. So it may send for a
 * while, then finds that nothing more will come from us, and is cut off only if it still sends after that.
 * Over HTTP/2 it is told to stop sending, and the connection stays as it is (RFC 9113, section 8.1).
 */
export function discardRest(req: IncomingMessage, body: RequestBody): void {
  if (req.complete || req.destroyed) return
  body.release()
  const stream = streamOf(req)
  if (stream !== null) {
    setImmediate(() => stream.close(constants.NGHTTP2_NO_ERROR))
    return
  }
  req.resume()
  const { socket } = req
  let timer = setTimeout(() => {
    socket.end()
    timer = setTimeout(() => socket.destroy(), PATIENCE)
  }, PATIENCE)
  req.once('close', () => clearTimeout(timer))
}
