import { createClient, createClientPool, createCluster } from '@redis/client'
import type { Locker } from '@tusker/core'
import { describeLocker } from '@tusker/testing'
import { Cluster, Redis } from 'ioredis'
import * as oldest from 'redis-client-5'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { isLong } from '../../testing/test/support/test-rounds.ts'
import type { LockerClient } from '../src/client/subscriber.ts'
import { redisLocker } from '../src/locker/redis-locker.ts'
import { asking, hold, oldEnough } from './support/lockers.ts'
import { describeRedis } from './support/redis-binary.ts'
import type { RedisClusterServers } from './support/redis-groups.ts'
import { startCluster } from './support/redis-groups.ts'
import type { RedisServer } from './support/redis-server.ts'
import { startRedis } from './support/redis-server.ts'

const leaseTtl = 1_000

describeRedis('redis locker', () => {
  let server: RedisServer
  let servers: RedisClusterServers
  beforeAll(async () => {
    server = await startRedis()
    servers = await startCluster()
    await oldEnough(leaseTtl)
  })
  afterAll(async () => {
    await server?.dispose()
    await servers?.dispose()
  })

  const rootNodes = () => servers.nodes.map(({ url }) => ({ url }))
  const clients = {
    client: () => createClient({ url: server.url }),
    'pool of RESP2': () => createClientPool({ url: server.url, RESP: 2 }, { maximum: 4 }),
    cluster: () => createCluster({ rootNodes: rootNodes() }),
  }
  for (const [name, create] of Object.entries(clients)) {
    if (name === 'pool of RESP2' && !isLong) continue
    describeLocker(`redis, over a ${name}`, async () => {
      const opened = await Promise.all([openOver(create()), openOver(create())])
      const [locker, other] = opened.map((one) => one.locker)
      return {
        locker: locker!,
        other: other!,
        leaseTtl,
        dispose: async () => opened.forEach((one) => one.dispose()),
      }
    })
  }

  const ioredisClients = {
    client: () => new Redis(server.url),
    cluster: () => new Cluster(servers.nodes.map(({ url }) => url)),
  }
  for (const [name, create] of Object.entries(ioredisClients)) {
    describeLocker(`redis, over a ${name} of ioredis`, () => {
      const clients = [create(), create()]
      const lockers = clients.map((client) => redisLocker({ client, leaseTtl }))
      return {
        locker: lockers[0]!,
        other: lockers[1]!,
        leaseTtl,
        async dispose() {
          for (const locker of lockers) locker.close()
          for (const client of clients) client.disconnect()
        },
      }
    })
  }

  const old = {
    client: () => oldest.createClient({ url: server.url }),
    cluster: () => oldest.createCluster({ rootNodes: rootNodes() }),
  }
  it.each(Object.entries(old))('serves over the oldest %s, too', async (name, create) => {
    const [one, two] = await Promise.all([openOver(create()), openOver(create())])
    onTestFinished(() => [one, two].forEach((opened) => opened.dispose()))
    const first = await hold(one.locker, `old ${name}`)
    const second = hold(two.locker, `old ${name}`, asking('stop'))
    await first.endedAt
    await first.release()
    const { lease, release } = await second
    expect(lease.token).toBeGreaterThan(first.lease.token!)
    await release()
  })
})

async function openOver(
  client: LockerClient & { connect(): Promise<unknown>; destroy(): void },
): Promise<{ readonly locker: Locker; dispose(): void }> {
  await client.connect()
  const locker = redisLocker({ client, leaseTtl })
  return {
    locker,
    dispose() {
      locker.close()
      client.destroy()
    },
  }
}
