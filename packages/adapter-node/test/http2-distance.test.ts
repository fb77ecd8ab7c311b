import { createUploadServer } from '@tusker/core'
import { memoryStore } from '@tusker/store-memory'
import { slownessOfHttp2 } from '@tusker/testing'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createServer as createHttp2Server } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import type { HostServer, NodeContext } from '../src/index.ts'
import { closeServer, nodeHandler, prepareServer } from '../src/index.ts'

const uploads = createUploadServer<NodeContext>({ path: '/files', store: memoryStore() })
const servers: HostServer[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) {
    await closeServer(server, { close: () => Promise.resolve() }, { timeout: 50 })
  }
})

async function listen(server: HostServer): Promise<string> {
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

it.each([
  ['prepared before it listens', true],
  ['prepared by its first request', false],
])('an upload from afar is as fast over HTTP/2, on a server that is %s', async (_, isEarly) => {
  const http2 = createHttp2Server(nodeHandler(uploads))
  if (isEarly) prepareServer(http2)
  const http1 = await listen(createServer(nodeHandler(uploads)))
  expect(await slownessOfHttp2(http1, await listen(http2))).toBeLessThan(2)
})
