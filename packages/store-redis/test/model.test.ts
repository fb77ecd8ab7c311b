import { describeModel } from '@tusker/testing'
import { afterAll, beforeAll } from 'vitest'
import { rounds } from '../../testing/test/support/test-rounds.ts'
import { connectCluster, connectTo, openStore } from './support/open-store.ts'
import { describeRedis } from './support/redis-binary.ts'
import type { RedisClusterServers } from './support/redis-groups.ts'
import { startCluster } from './support/redis-groups.ts'
import type { RedisServer } from './support/redis-server.ts'
import { startRedis } from './support/redis-server.ts'

describeRedis('random sequences over Redis', () => {
  let server: RedisServer
  let servers: RedisClusterServers
  beforeAll(async () => {
    ;[server, servers] = await Promise.all([startRedis(), startCluster()])
  }, 60_000)
  afterAll(() => Promise.all([server?.dispose(), servers?.dispose()]))

  describeModel('redis', () => openStore(() => connectTo(server)), { runs: 30 * rounds })
  describeModel('redis', () => openStore(() => connectTo(server)), {
    runs: 20 * rounds,
    dialect: 'draft',
  })
  describeModel('redis cluster', () => openStore(() => connectCluster(servers)), {
    runs: 10 * rounds,
  })
})
