import { checksums } from '@tusker/checksums'
import type { UploadServer } from '@tusker/core'
import { memoryStore } from '@tusker/store-memory'
import type { HostOptions, OpenedHost } from '@tusker/testing'
import {
  describeBadDraftInput,
  describeBadInput,
  describeDraft,
  describeTus,
  overSockets,
} from '@tusker/testing'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { NODE_HTTP } from './support/hosts.ts'
import { closeServer, nodeHandler } from '../src/index.ts'

async function listen(uploads: UploadServer): Promise<{ origin: string; close(): Promise<void> }> {
  const server = createServer(nodeHandler(uploads)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { origin: `http://127.0.0.1:${port}`, close: () => closeServer(server, uploads) }
}

const overHttp = overSockets(
  () => ({ store: memoryStore({ maxLength: Number.MAX_SAFE_INTEGER }) }),
  listen,
)

function openHost(options: HostOptions = {}): Promise<OpenedHost> {
  return overHttp({ checksums: checksums(), ...options })
}

describeTus('node:http', openHost, NODE_HTTP.tus)
describeDraft('node:http', openHost, NODE_HTTP.draft)
describeBadInput('node:http', openHost, { runs: 30, ...NODE_HTTP.badInput })
describeBadDraftInput('node:http', openHost, { runs: 20 })
