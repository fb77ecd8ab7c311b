import type { IncomingMessage, ServerResponse } from 'node:http'
import { finished } from 'node:stream'

/**
 * Calls `then` once the response is out and nothing more comes in, or the client has left. Whoever cuts
 * the connection then takes nothing back: bytes that nobody read would reset it, and with it an answer
 * that the client has not read yet.
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
    // Of a connection that closes behind its response Node tells the socket only.
    req.once('close', settle)
    socket.once('close', settle)
  })
}
