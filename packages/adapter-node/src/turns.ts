import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

const lastOn = new WeakMap<Socket, Promise<void>>()

/**
 * Resolves once the request before this one on the connection has been answered. Node hands over
 * pipelined requests as soon as they are there; two appends must not overtake each other.
 */
export function inTurn(req: IncomingMessage, res: ServerResponse): Promise<void> | undefined {
  // Requests of HTTP/2 share a connection without an order.
  if (req.httpVersionMajor > 1) return undefined
  const before = lastOn.get(req.socket)
  lastOn.set(req.socket, new Promise((resolve) => res.once('close', resolve)))
  return before
}
