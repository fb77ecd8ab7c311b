import type { ReopenableStore } from '@tusker/testing'
import { createClient, createClientPool, createCluster } from '@redis/client'
import { Cluster, Redis } from 'ioredis'
import type { LockerClient } from '../../src/client/subscriber.ts'
import type { RedisClient } from '../../src/client/commands.ts'
import type { RedisStore, RedisStoreOptions } from '../../src/store/redis-store.ts'
import { redisStore } from '../../src/store/redis-store.ts'
import type { RedisClusterServers } from './redis-groups.ts'
import type { RedisServer } from './redis-server.ts'

/** A client of an application, and how to end it. */
export interface OpenedClient {
  readonly client: RedisClient & LockerClient
  close(): void
}

/** A store in a client of its own. What it kept goes with the server. */
export interface OpenedRedisStore extends ReopenableStore {
  readonly store: RedisStore
  readonly client: RedisClient
  readonly prefix: string
  reopen(): RedisStore
  dispose(): Promise<void>
}

let count = 0

export async function openStore(
  connect: () => Promise<OpenedClient>,
  options: Omit<RedisStoreOptions, 'client' | 'prefix'> = {},
): Promise<OpenedRedisStore> {
  const { client, close } = await connect()
  count += 1
  const prefix = `test-${count}:`
  const reopen = (): RedisStore => redisStore({ client, prefix, ...options })
  return {
    client,
    prefix,
    reopen,
    store: reopen(),
    async dispose() {
      await Promise.resolve(close())
    },
  }
}

export async function connectTo({ url }: Pick<RedisServer, 'url'>): Promise<OpenedClient> {
  const client = createClient({ url })
  // Errors are reported to the caller of each command.
  client.on('error', () => {})
  await client.connect()
  return { client, close: () => client.destroy() }
}

export async function connectIoredis({ url }: Pick<RedisServer, 'url'>): Promise<OpenedClient> {
  const client = new Redis(url)
  client.on('error', () => {})
  return { client, close: () => client.disconnect() }
}

export async function connectIoredisCluster({ nodes }: RedisClusterServers): Promise<OpenedClient> {
  const client = new Cluster(nodes.map(({ url }) => url))
  client.on('error', () => {})
  return { client, close: () => client.disconnect() }
}

export async function connectPool({ url }: Pick<RedisServer, 'url'>): Promise<OpenedClient> {
  const client = createClientPool({ url }, { minimum: 2, maximum: 8 })
  client.on('error', () => {})
  await client.connect()
  return { client, close: () => client.destroy() }
}

export async function connectCluster({ nodes }: RedisClusterServers): Promise<OpenedClient> {
  const client = createCluster({ rootNodes: nodes.map(({ url }) => ({ url })) })
  client.on('error', () => {})
  await client.connect()
  return { client, close: () => client.destroy() }
}
