import { createClient, createClientPool, createCluster } from '@redis/client'
import { describeLocker } from '@tusker/testing'
import * as oldest from 'redis-client-5'
import { afterAll, beforeAll } from 'vitest'
import { redisLocker } from './redis-locker.ts'
import { describeRedis } from './testing/redis-binary.ts'
import type { RedisClusterServers } from './testing/redis-groups.ts'
import { startCluster } from './testing/redis-groups.ts'
import type { RedisServer } from './testing/redis-server.ts'
import { startRedis } from './testing/redis-server.ts'

const leaseTime = 1_000
/** For servers to be old enough to grant leases of that time. */
const oldEnough = () => new Promise((resolve) => setTimeout(resolve, leaseTime + 2_000))

describeRedis('redis locker', () => {
  let server: RedisServer
  let servers: RedisClusterServers
  beforeAll(async () => {
    server = await startRedis()
    servers = await startCluster()
    await oldEnough()
  })
  afterAll(async () => {
    await server.dispose()
    await servers.dispose()
  })

  const rootNodes = () => servers.nodes.map(({ url }) => ({ url }))
  const clients = {
    client: () => createClient({ url: server.url }),
    'client as old as can be': () => oldest.createClient({ url: server.url }),
    'pool of RESP2': () => createClientPool({ url: server.url, RESP: 2 }, { maximum: 4 }),
    cluster: () => createCluster({ rootNodes: rootNodes() }),
    'cluster as old as can be': () => oldest.createCluster({ rootNodes: rootNodes() }),
  }
  for (const [name, create] of Object.entries(clients)) {
    describeLocker(`redis, over a ${name}`, async () => {
      const [one, two] = [create(), create()]
      await Promise.all([one.connect(), two.connect()])
      const lockers = [one, two].map((client) => redisLocker({ client, leaseTime }))
      return {
        ...{ locker: lockers[0]!, other: lockers[1]!, leaseTime },
        async dispose() {
          for (const locker of lockers) locker.close()
          one.destroy()
          two.destroy()
        },
      }
    })
  }
})
