import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ServerHttp2Stream } from 'node:http2'
import { constants } from 'node:http2'
import { streamOf } from '../server/http2.ts'
import { leaveBody } from './connection.ts'

/** Milliseconds of each step: until the server closes its side, and until it cuts the connection. */
const PATIENCE = 2_000

/**
 * Reads and drops the rest of a body after its response. An unread body would block the next request of the
 * connection. A connection that is cut at once could lose the response. So the client may send for a while;
 * then the server closes its own side; then it cuts the connection if the client still sends. Over HTTP/2
 * the server resets the stream, and the connection stays open (RFC 9113, section 8.1).
 */
export function discardRestAfter(req: IncomingMessage, res: ServerResponse): void {
  const stream = streamOf(res)
  // A response of HTTP/2 finishes only once its stream is closed, and the stream waits for this call.
  if (stream !== null) stream.once('finish', () => endStream(req, res, stream))
  else res.once('prefinish', () => discardRest(req, res))
}

function endStream(req: IncomingMessage, res: ServerResponse, stream: ServerHttp2Stream): void {
  if (!leaveBody(req, res)) return
  setImmediate(() => stream.close(constants.NGHTTP2_NO_ERROR))
}

function discardRest(req: IncomingMessage, res: ServerResponse): void {
  if (!leaveBody(req, res)) return
  req.resume()
  const { socket } = req
  // Node destroys a connection after its last response. The next bytes of the client would then reset it,
  // and the client would lose the response. This closes our side only.
  const endOurSide = (): void => void socket.end()
  socket.destroySoon = endOurSide
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
