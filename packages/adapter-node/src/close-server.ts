import { once } from 'node:events'
import type { Server as HttpServer } from 'node:http'
import type { Server as HttpsServer } from 'node:https'

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
  server: HttpServer | HttpsServer,
  uploads: { close(): Promise<void> },
  { timeout = 10_000 }: CloseOptions = {},
): Promise<void> {
  const closed = server.listening ? once(server, 'close') : Promise.resolve()
  server.close()
  // Connections become idle one by one, as their last answer goes out.
  const idle = setInterval(() => server.closeIdleConnections(), LOOKS)
  const patience = setTimeout(() => server.closeAllConnections(), timeout)
  try {
    await Promise.all([uploads.close(), closed])
  } finally {
    clearInterval(idle)
    clearTimeout(patience)
  }
}
