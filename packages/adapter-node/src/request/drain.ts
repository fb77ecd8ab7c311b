import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ServerHttp2Stream } from 'node:http2'
import { constants } from 'node:http2'
import { streamOf } from '../server/http2.ts'
import { leaveBody } from './connection.ts'

/** Milliseconds for each of the two steps: until we stop sending, and until we stop receiving. */
const PATIENCE = 2_000

/**
 * Takes in what is left of a body whose request has been answered. Left unread it would block the
 * connection's next request; cut off at once, the client might not see the answer. So it may send for a
 * while, then finds that nothing more will come from us, and is cut off only if it still sends after that.
 * Over HTTP/2 it is told to stop sending, and the connection stays as it is (RFC 9113, section 8.1).
 */
export function discardRestAfter(req: IncomingMessage, res: ServerResponse): void {
  const stream = streamOf(res)
  // A response of HTTP/2 is finished only once its stream is closed, which is what it waits for here.
  if (stream !== null) stream.once('finish', () => endStream(req, res, stream))
  else res.once('prefinish', () => discardRest(req, res))
}

function endStream(req: IncomingMessage, res: ServerResponse, stream: ServerHttp2Stream): void {
  if (req.complete || req.destroyed) return
  leaveBody(req, res)
  setImmediate(() => stream.close(constants.NGHTTP2_NO_ERROR))
}

function discardRest(req: IncomingMessage, res: ServerResponse): void {
  if (req.complete || req.destroyed) return
  leaveBody(req, res)
  req.resume()
  const { socket } = req
  // Node destroys a connection behind its last response, and that takes back what the client has not
  // read yet, as soon as something more arrives from it. This leaves our side closed and the other open.
  socket.destroySoon = () => socket.end()
  let timer = setTimeout(() => {
    socket.end()
    timer = setTimeout(() => socket.destroy(), PATIENCE)
  }, PATIENCE)
  req.once('close', () => {
    clearTimeout(timer)
    Reflect.deleteProperty(socket, 'destroySoon')
    if (socket.writableEnded) socket.destroySoon()
  })
}
