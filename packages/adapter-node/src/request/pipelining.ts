import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Requests of one connection that may wait for their turn before the connection is not read. */
const MAX_WAITING = 16

const waiting = new WeakMap<Socket, number>()

/**
 * Resolves once the requests before this one on its connection have been answered; null if they are.
 * Node reports pipelined requests as soon as they arrive, and assigns the connection to one when it is
 * its turn. Otherwise two appends could change their order.
 *
 * While too many requests wait, the connection is not read: each of them takes memory.
 */
export function turnOf(req: IncomingMessage, res: ServerResponse): Promise<void> | null {
  // Requests of HTTP/2 share a connection without an order.
  const isEarly = req.httpVersionMajor === 1 && res.socket === null && !res.writableEnded
  if (!isEarly) return null
  const { socket } = req
  return new Promise((resolve) => {
    let isWaiting = true
    function settle(): void {
      if (isWaiting) leave(socket)
      isWaiting = false
      resolve()
    }
    enter(socket)
    res.once('socket', settle)
    req.once('close', settle)
  })
}

function enter(socket: Socket): void {
  const count = (waiting.get(socket) ?? 0) + 1
  waiting.set(socket, count)
  if (count <= MAX_WAITING) return
  // Node reads on as soon as it has reported a request without a body, so this comes after it.
  setImmediate(() => {
    if ((waiting.get(socket) ?? 0) > MAX_WAITING) socket.pause()
  })
}

function leave(socket: Socket): void {
  const count = (waiting.get(socket) ?? 1) - 1
  waiting.set(socket, count)
  if (count === MAX_WAITING && !socket.destroyed) socket.resume()
}
