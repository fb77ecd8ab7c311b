import type { Duration } from '@tusker/core'
import { checkOptions, optionRules, parseDuration } from '@tusker/core'
import { once } from 'node:events'
import type { HostServer } from './prepare-server.ts'
import { isHttp2 } from './prepare-server.ts'
import { sessionsOf } from './http2.ts'

/** The options of `closeServer`. */
export interface CloseOptions {
  /** How long the server waits before it cuts the remaining connections. Ten seconds by default. */
  readonly timeout?: Duration
}

const LOOKS = 50
/** The longest delay of a timer in milliseconds. */
const LONGEST = 2 ** 31 - 1

/**
 * Shuts a server down in order. It accepts no new connections. Running uploads end: their bytes are stored,
 * and their clients get a response to retry on. Resolves when all connections have ended. After `timeout` it
 * cuts the remaining connections and resolves.
 */
export async function closeServer(
  server: HostServer,
  uploads: { close(): Promise<void> },
  options: CloseOptions = {},
): Promise<void> {
  checkOptions('closeServer', options, { timeout: optionRules.duration(0) })
  const timeout = Math.min(parseDuration(options.timeout) ?? 10_000, LONGEST)
  const closed = server.listening ? once(server, 'close') : Promise.resolve()
  server.close()
  // Connections become idle one by one, after their last response.
  const idle = setInterval(() => endIdle(server), LOOKS)
  try {
    await settledWithin(timeout, Promise.all([uploads.close(), closed]))
    cut(server)
    await closed
  } finally {
    clearInterval(idle)
  }
}

/** Resolves with `work`, or when the time is over. */
async function settledWithin(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const over = new Promise((resolve) => (timer = setTimeout(resolve, milliseconds)))
  try {
    await Promise.race([work, over])
  } finally {
    clearTimeout(timer)
  }
}

/** A closed HTTP/2 session ends with its last stream; idle connections of HTTP/1 must be closed again. */
function endIdle(server: HostServer): void {
  if (!isHttp2(server)) return server.closeIdleConnections()
  for (const session of sessionsOf(server)) if (!session.closed) session.close()
}

function cut(server: HostServer): void {
  if (!isHttp2(server)) return server.closeAllConnections()
  for (const session of sessionsOf(server)) session.destroy()
}
