import type { UploadServer } from '@tusker/core'
import { memoryStore } from '@tusker/store-memory'
import type { HostSettings, Listening } from '@tusker/testing'
import { describeHost } from '@tusker/testing'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { closeServer, nodeHandler } from './index.ts'

async function serve(
  uploads: UploadServer,
  { totalTimeout }: HostSettings = {},
): Promise<Listening> {
  const server = createServer(
    totalTimeout === undefined
      ? {}
      : { requestTimeout: totalTimeout, headersTimeout: 500, connectionsCheckingInterval: 100 },
    nodeHandler(uploads),
  ).listen(0, '127.0.0.1')
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

const openStore = () => ({ store: memoryStore({ maxLength: Number.MAX_SAFE_INTEGER }) })

describeHost('node:http', serve, { openStore })
