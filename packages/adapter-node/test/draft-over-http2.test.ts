import { checksums } from '@tusker/checksums'
import type { UploadServer } from '@tusker/core'
import { memoryStore } from '@tusker/store-memory'
import type { Listening } from '@tusker/testing'
import { describeDraft, http2Client, overSockets } from '@tusker/testing'
import { once } from 'node:events'
import { createServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { NODE_HTTP2 } from './support/hosts.ts'
import { closeServer, nodeHandler } from '../src/index.ts'

async function listen(uploads: UploadServer): Promise<Listening> {
  const server = createServer(nodeHandler(uploads)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const leave = (): Promise<void> => closeServer(server, uploads)
  return { origin: `http://127.0.0.1:${port}`, close: leave, leave }
}

const overHttp2 = overSockets(
  () => ({ store: memoryStore({ maxLength: Number.MAX_SAFE_INTEGER }) }),
  listen,
  http2Client,
)

describeDraft(
  'node:http2',
  (options) => overHttp2({ checksums: checksums(), ...options }),
  NODE_HTTP2.draft,
)
