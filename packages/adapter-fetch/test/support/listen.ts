import { createAdaptorServer } from '@hono/node-server'
import { prepareServer, closeServer } from '@tusker/adapter-node'
import type { UploadServer } from '@tusker/core'
import { memoryStore } from '@tusker/store-memory'
import type { HostSettings, Listening, OpenedStore } from '@tusker/testing'
import { limitsFor, listenWith } from '@tusker/testing'
import type { Server } from 'node:http'

export const openStore = (): OpenedStore => ({
  store: memoryStore({ maxLength: Number.MAX_SAFE_INTEGER }),
})

type Fetch = (request: Request) => Response | Promise<Response>

/** Serves a fetch handler on Node as described in the README. */
export function listen(
  uploads: UploadServer,
  fetch: Fetch,
  settings: HostSettings = {},
): Promise<Listening> {
  // Without the option `createServer` this is a server of node:http.
  const server = createAdaptorServer({ fetch, serverOptions: limitsFor(settings) }) as Server
  prepareServer(server)
  return listenWith(server, uploads, closeServer)
}
