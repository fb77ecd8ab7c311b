import type { UploadServer } from '@tusker/core'
import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HostSettings, Listening } from './stage.ts'

/**
 * Listens with `node:http` on a free port, for hosts that stand on it: `serve` of such a host makes a
 * listener, and hands it here together with what ends server and uploads in an orderly way.
 */
export async function listenOn(
  listener: RequestListener,
  uploads: UploadServer,
  { totalTimeout }: HostSettings,
  leave: (server: ReturnType<typeof createServer>, uploads: UploadServer) => Promise<void>,
): Promise<Listening> {
  const limits =
    totalTimeout === undefined
      ? {}
      : { requestTimeout: totalTimeout, headersTimeout: 500, connectionsCheckingInterval: 100 }
  const server = createServer(limits, listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      if (!server.listening) return
      server.close()
      await once(server, 'close')
    },
    leave: () => leave(server, uploads),
  }
}
