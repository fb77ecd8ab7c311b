import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * Resolves once the requests before this one on its connection have been answered; null if they are.
 * Node hands over pipelined requests as soon as they are there, and gives them the connection when it
 * is their turn. Two appends must not overtake each other.
 */
export function turnOf(req: IncomingMessage, res: ServerResponse): Promise<void> | null {
  // Requests of HTTP/2 share a connection without an order.
  const isEarly = req.httpVersionMajor === 1 && res.socket === null && !res.writableEnded
  if (!isEarly) return null
  return new Promise((resolve) => {
    res.once('socket', () => resolve())
    req.once('close', resolve)
  })
}
