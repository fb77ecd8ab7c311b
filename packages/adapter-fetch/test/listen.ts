import { createAdaptorServer } from '@hono/node-server'
import { adoptServer, closeServer } from '@tusker/adapter-node'
import type { UploadServer } from '@tusker/core'
import { memoryStore } from '@tusker/store-memory'
import type { HostSettings, Listening, OpenedStore } from '@tusker/testing'
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export const openStore = (): OpenedStore => ({
  store: memoryStore({ maxLength: Number.MAX_SAFE_INTEGER }),
})

/** What no host of the fetch API has. */
export const MISSING = { 'checksum-trailer': 'the fetch API hides trailers' }

type Fetch = (request: Request) => Response | Promise<Response>

/** Serves a fetch handler on Node, as the README tells to. */
export async function listen(
  uploads: UploadServer,
  fetch: Fetch,
  { totalTimeout }: HostSettings = {},
): Promise<Listening> {
  const limits =
    totalTimeout === undefined
      ? {}
      : { requestTimeout: totalTimeout, headersTimeout: 500, connectionsCheckingInterval: 100 }
  // Without `createServer` of another kind it is a server of node:http.
  const server = createAdaptorServer({ fetch, serverOptions: limits }) as Server
  adoptServer(server, () => false)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      if (!server.listening) return
      server.close()
      await once(server, 'close')
    },
    leave: () => closeServer(server, uploads, { timeout: 3_000 }),
  }
}
