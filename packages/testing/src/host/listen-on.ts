import type { UploadServer } from '@tusker/core'
import { once } from 'node:events'
import type { RequestListener, Server } from 'node:http'
import { createServer } from 'node:http'
import { Server as TlsServer } from 'node:tls'
import type { AddressInfo } from 'node:net'
import type { HostSettings, Listening } from './host-under-test.ts'

/** Shuts down a server of node:http and its uploads in order. */
type Leave = (server: Server, uploads: UploadServer) => Promise<void>

/**
 * Listens with `node:http` on a free port, for hosts that are built on it. `serve` of such a host creates
 * a listener and passes it here, together with the function that shuts down server and uploads.
 */
export function listenOn(
  listener: RequestListener,
  uploads: UploadServer,
  settings: HostSettings,
  leave: Leave,
): Promise<Listening> {
  return listenWith(createServer(limitsFor(settings), listener), uploads, leave)
}

/** The options of a server of node:http for the limits that a test asks for. */
export function limitsFor({ totalTimeout }: HostSettings): {
  readonly requestTimeout?: number
  readonly headersTimeout?: number
  readonly connectionsCheckingInterval?: number
} {
  if (totalTimeout === undefined) return {}
  return { requestTimeout: totalTimeout, headersTimeout: 500, connectionsCheckingInterval: 100 }
}

/** Like `listenOn`, for a host that creates its own server. */
export async function listenWith(
  server: Server,
  uploads: UploadServer,
  leave: Leave,
): Promise<Listening> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const scheme = server instanceof TlsServer ? 'https' : 'http'
  return {
    origin: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      if (!server.listening) return
      server.close()
      await once(server, 'close')
    },
    leave: () => leave(server, uploads),
  }
}
