import type { IncomingMessage, ServerResponse } from 'node:http'
import { finished } from 'node:stream'

/**
 * Calls `then` when the response is sent and the body has ended, or when the client has disconnected. If an
 * error handler closed the connection earlier, unread bytes would reset it, and the client could lose a
 * response that it has not read yet.
 */
export function whenOver(req: IncomingMessage, res: ServerResponse, then: () => void): void {
  finished(res, () => {
    const { socket } = req
    if (req.complete || socket.destroyed) {
      then()
      return
    }

    function settle(): void {
      req.off('close', settle)
      socket.off('close', settle)
      then()
    }
    // If a connection closes after its response, Node emits `close` only on the socket.
    req.once('close', settle)
    socket.once('close', settle)
  })
}
