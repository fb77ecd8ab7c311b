import { once } from 'node:events'
import type { HostServer } from './prepare-server.ts'
import { isHttp2 } from './prepare-server.ts'
import { sessionsOf } from './http2.ts'

/** How long closing may take. */
export interface CloseOptions {
  /** Milliseconds after which connections that will not end are cut. Ten seconds by default. */
  readonly timeout?: number
}

const LOOKS = 50

/**
 * Ends a server in an orderly way. No new connections are taken; uploads under way end with what has
 * arrived stored, and an answer that makes their clients come back. Resolves when all is over; after
 * `timeout` it cuts what is left, and waits for nobody.
 */
export async function closeServer(
  server: HostServer,
  uploads: { close(): Promise<void> },
  { timeout = 10_000 }: CloseOptions = {},
): Promise<void> {
  const closed = server.listening ? once(server, 'close') : Promise.resolve()
  server.close()
  // Connections become idle one by one, as their last answer goes out.
  const idle = setInterval(() => endIdle(server), LOOKS)
  try {
    await settledWithin(timeout, Promise.all([uploads.close(), closed]))
    cut(server)
    await closed
  } finally {
    clearInterval(idle)
  }
}

/** Resolves when `work` does, or the time is over. */
async function settledWithin(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const over = new Promise((resolve) => (timer = setTimeout(resolve, milliseconds)))
  try {
    await Promise.race([work, over])
  } finally {
    clearTimeout(timer)
  }
}

/** A session that is closed ends with its last stream; a connection of HTTP/1 is looked at again. */
function endIdle(server: HostServer): void {
  if (!isHttp2(server)) return server.closeIdleConnections()
  for (const session of sessionsOf(server)) if (!session.closed) session.close()
}

function cut(server: HostServer): void {
  if (!isHttp2(server)) return server.closeAllConnections()
  for (const session of sessionsOf(server)) session.destroy()
}
