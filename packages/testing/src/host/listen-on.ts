import type { UploadServer } from '@tusker/core'
import { once } from 'node:events'
import type { RequestListener, Server } from 'node:http'
import { createServer } from 'node:http'
import { Server as TlsServer } from 'node:tls'
import type { AddressInfo } from 'node:net'
import type { HostSettings, Listening } from './host-under-test.ts'

/** Ends a server of node:http and its uploads in an orderly way. */
type Leave = (server: Server, uploads: UploadServer) => Promise<void>

/**
 * Listens with `node:http` on a free port, for hosts that stand on it: `serve` of such a host makes a
 * listener, and hands it here together with what ends server and uploads in an orderly way.
 */
export function listenOn(
  listener: RequestListener,
  uploads: UploadServer,
  settings: HostSettings,
  leave: Leave,
): Promise<Listening> {
  return listenWith(createServer(limitsFor(settings), listener), uploads, leave)
}

/** The options by which a server of node:http limits what a test asks a host to limit. */
export function limitsFor({ totalTimeout }: HostSettings): {
  readonly requestTimeout?: number
  readonly headersTimeout?: number
  readonly connectionsCheckingInterval?: number
} {
  if (totalTimeout === undefined) return {}
  return { requestTimeout: totalTimeout, headersTimeout: 500, connectionsCheckingInterval: 100 }
}

/** The same for a host that makes its own server. */
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
