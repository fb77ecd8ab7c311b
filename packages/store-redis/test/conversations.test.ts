import type { GuaranteeName, OpenedStore } from '@tusker/testing'
import { describeBadInput, describeGuarantees, describeTus, inMemory } from '@tusker/testing'
import { createClient } from '@redis/client'
import { afterAll, beforeAll, describe } from 'vitest'
import { isLong } from '../../testing/test/support/test-rounds.ts'
import type { RedisLocker } from '../src/locker/redis-locker.ts'
import { redisUploads } from '../src/index.ts'
import { connectCluster, connectTo, openStore } from './support/open-store.ts'
import { describeRedis } from './support/redis-binary.ts'
import type { RedisClusterServers } from './support/redis-groups.ts'
import { startCluster } from './support/redis-groups.ts'
import type { RedisServer } from './support/redis-server.ts'
import { startRedis } from './support/redis-server.ts'

// Lengths go up to 2^53 - 1.
/** What depends on the store or its leases. The tests of core have all guarantees by the draft. */
const BY_DRAFT: readonly GuaranteeName[] = ['completion', 'contention', 'expiry', 'shutdown']

const options = { maxLength: Number.MAX_SAFE_INTEGER }

describeRedis('conversations over one server', () => {
  let server: RedisServer
  beforeAll(async () => void (server = await startRedis()))
  afterAll(() => server?.dispose())

  const open = () => openStore(() => connectTo(server), options)
  describeTus('redis', inMemory(open))
  // What a value means is decided in core, whose tests try twenty times as many.
  describeBadInput('redis', inMemory(open), { runs: isLong ? 100 : 10 })
  if (isLong) describeGuarantees('redis', open)
  const openShared = async (): Promise<OpenedStore> => {
    const opened = await open()
    const client = createClient({ url: server.url })
    await client.connect()
    const lockers: RedisLocker[] = []
    return {
      ...opened,
      locker() {
        const { locker } = redisUploads({ client, prefix: opened.prefix })
        lockers.push(locker)
        return locker
      },
      async dispose() {
        for (const locker of lockers) locker.close()
        client.destroy()
        await opened.dispose()
      },
    }
  }
  describeGuarantees('redis, shared by servers with a locker each', openShared)
  describeGuarantees('redis, shared by servers with a locker each', openShared, BY_DRAFT, 'draft')
})

// The store contract runs over a cluster as well: the whole protocol does so in the long form only.
if (!isLong) {
  const left = 'conversations over a cluster, and guarantees without a locker of Redis'
  console.info(`${left}: skipped, set TUSKER_ROUNDS for the long form`)
}
const describeLong = isLong ? describeRedis : describe.skip
describeLong('conversations over a cluster', () => {
  let servers: RedisClusterServers
  beforeAll(async () => void (servers = await startCluster()), 60_000)
  afterAll(() => servers?.dispose())

  const open = () => openStore(() => connectCluster(servers), options)
  describeTus('redis cluster', inMemory(open))
  describeGuarantees('redis cluster', open)
})
