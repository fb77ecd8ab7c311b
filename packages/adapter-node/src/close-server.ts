import { once } from 'node:events'
import type { HostServer } from './host-server.ts'
import { isHttp2 } from './host-server.ts'
import { sessionsOf } from './http2.ts'

/** How long closing may take. */
export interface CloseOptions {
  /** Milliseconds after which connections that will not end are cut. Ten seconds by default. */
  readonly timeout?: number
}

const LOOKS = 50

/**
 * Ends a server in an orderly way. No new connections are taken; uploads under way end with what has
 * arrived stored, and an answer that makes their clients come back; resolves when all is over.
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
  const patience = setTimeout(() => cut(server), timeout)
  try {
    await Promise.all([uploads.close(), closed])
  } finally {
    clearInterval(idle)
    clearTimeout(patience)
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
