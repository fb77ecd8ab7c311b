// Ports for test programs that must know their port before they listen, such as Redis and nginx.
//
// Without a range get-port asks the system for any port. The system then gives one of the range of
// outgoing connections, so a connection of another test can take it before the program listens. The
// ports below are outside that range on Linux, macOS and Windows.
import { randomInt } from 'node:crypto'
import { inspect } from 'node:util'
import getPort from 'get-port'

/**
 * A port on which no program listens. Nodes of a Redis cluster also listen 10,000 higher: 20,000 to 29,999,
 * which is never handed out.
 */
export function freePort(): Promise<number> {
  return getPort({ port: Array.from({ length: 50 }, () => randomInt(10_000, 20_000)) })
}

/** Starts a program on a free port, and on another one when a second program was faster. */
export async function onFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await start(await freePort())
    } catch (error) {
      const isTaken = /EADDRINUSE|address already in use/i.test(inspect(error))
      if (tries === 5 || !isTaken) throw error
    }
  }
}
