import { describeStore } from '@tusker/testing'
import { createClient } from '@redis/client'
import { readFile } from 'node:fs/promises'
import * as oldest from 'redis-client-5'
import { afterAll, beforeAll } from 'vitest'
import { isLong } from '../../testing/test/support/test-rounds.ts'
import type { OpenedClient } from './support/open-store.ts'
import {
  connectCluster,
  connectIoredis,
  connectIoredisCluster,
  connectPool,
  connectTo,
  openStore,
} from './support/open-store.ts'
import { describeRedis } from './support/redis-binary.ts'
import type { RedisClusterServers } from './support/redis-groups.ts'
import { startCluster } from './support/redis-groups.ts'
import type { RedisServer } from './support/redis-server.ts'
import { startRedis } from './support/redis-server.ts'

describeRedis('a store over one server', () => {
  let server: RedisServer
  beforeAll(async () => void (server = await startRedis()))
  afterAll(() => server?.dispose())

  describeStore('redis', () => openStore(() => connectTo(server)))
  describeStore('redis, over ioredis', () => openStore(() => connectIoredis(server)))
  if (isLong) {
    describeStore('redis, through a pool', () => openStore(() => connectPool(server)))
    describeStore('redis with all options, over a client with its own type mapping', () =>
      openStore(() => connectTyped(server), { ttl: 60_000, expireEndedAfter: 60_000 }),
    )
  }
  describeStore('redis over the oldest client, as a user with the documented rights', () =>
    openStore(async () => {
      const rules = (await commandsNamed()).map((command) => `+${command}`)
      await server.command('ACL', 'SETUSER', 'app', 'reset', 'on', '>secret', '~test-*', ...rules)
      return connectOldest(server.url.replace('//', '//app:secret@'))
    }),
  )
})

describeRedis('a store over a cluster', () => {
  let servers: RedisClusterServers
  beforeAll(async () => void (servers = await startCluster()), 60_000)
  afterAll(() => servers?.dispose())

  describeStore('redis cluster', () => openStore(() => connectCluster(servers)))
  describeStore('redis cluster, over ioredis', () =>
    openStore(() => connectIoredisCluster(servers)),
  )
  if (isLong) {
    describeStore('redis cluster, over the oldest client', () =>
      openStore(() => connectOldestCluster(servers)),
    )
  }
})

async function connectOldest(url: string): Promise<OpenedClient> {
  const client = oldest.createClient({ url })
  client.on('error', () => {})
  await client.connect()
  return { client, close: () => client.destroy() }
}

async function connectOldestCluster({ nodes }: RedisClusterServers): Promise<OpenedClient> {
  const client = oldest.createCluster({ rootNodes: nodes.map(({ url }) => ({ url })) })
  client.on('error', () => {})
  await client.connect()
  return { client, close: () => client.destroy() }
}

/** The commands that README.md names. */
async function commandsNamed(): Promise<readonly string[]> {
  const page = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const listed = /needs these commands for its keys: `([^`]*)`, and `scan`/.exec(page)?.[1] ?? ''
  return [...listed.split(/\s+/), 'scan']
}

/** An application may want other types in replies than a store does. */
async function connectTyped({ url }: RedisServer): Promise<OpenedClient> {
  const client = createClient({
    url,
    RESP: 3 as const,
    commandOptions: { typeMapping: { 36: String, 58: String, 43: Buffer } },
  })
  client.on('error', () => {})
  await client.connect()
  return { client, close: () => client.destroy() }
}
