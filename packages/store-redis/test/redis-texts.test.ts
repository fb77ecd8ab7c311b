import type { VersionedTexts } from '@tusker/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { redisRecords } from '../src/records/redis-records.ts'
import type { OpenedClient } from './support/open-store.ts'
import { connectCluster, connectIoredis, connectTo } from './support/open-store.ts'
import { describeRedis } from './support/redis-binary.ts'
import type { RedisClusterServers } from './support/redis-groups.ts'
import { startCluster } from './support/redis-groups.ts'
import type { RedisServer } from './support/redis-server.ts'
import { startRedis } from './support/redis-server.ts'
import { uploadOf } from './support/uploads.ts'

describeRedis('texts of redisRecords', () => {
  let server: RedisServer
  let servers: RedisClusterServers
  beforeAll(async () => {
    ;[server, servers] = await Promise.all([startRedis(), startCluster()])
  }, 60_000)
  afterAll(() => Promise.all([server?.dispose(), servers?.dispose()]))

  describe('over one connection', () => describeTexts(() => connectTo(server)))
  describe('over ioredis', () => describeTexts(() => connectIoredis(server)))
  describe('over a cluster', () => describeTexts(() => connectCluster(servers)))
})

let count = 0

function describeTexts(connect: () => Promise<OpenedClient>): void {
  let texts: VersionedTexts
  let records: ReturnType<typeof redisRecords>
  beforeEach(async () => {
    const { client, close } = await connect()
    records = redisRecords({ client, prefix: `texts-${(count += 1)}:` })
    texts = records.texts
    return () => close()
  })

  async function listed(): Promise<string[]> {
    const ids: string[] = []
    for await (const id of texts.list()) ids.push(id)
    return ids.sort()
  }

  it('a text is read as it was written, with its version and its age', async () => {
    expect(await texts.read('u1')).toBeNull()
    const version = await texts.write('u1', 'Zo\u00eb', null)
    const found = await texts.read('u1')
    expect(found).toMatchObject({ text: 'Zo\u00eb', version })
    expect(found?.age).toBeLessThan(5_000)
    await expect.poll(async () => (await texts.read('u1'))?.age).toBeGreaterThan(100)
  })

  it('only a caller that knows the version of a text can change it', async () => {
    const first = await texts.write('u1', 'a', null)
    expect(await texts.write('u1', 'b', null)).toBeNull()
    const second = await texts.write('u1', 'c', first)
    expect(await texts.write('u1', 'd', first)).toBeNull()
    expect(await texts.write('u2', 'e', first)).toBeNull()
    expect(await texts.read('u1')).toMatchObject({ text: 'c', version: second })
    expect(await texts.read('u2')).toBeNull()
  })

  it('of many writes over one version exactly one succeeds', async () => {
    const version = await texts.write('u1', '', null)
    const writes = Array.from({ length: 20 }, (_, index) => texts.write('u1', `${index}`, version))
    const written = (await Promise.all(writes)).filter((one) => one !== null)
    expect(written).toHaveLength(1)
    expect((await texts.read('u1'))?.version).toBe(written[0])
  })

  it('texts and records do not meet', async () => {
    await texts.write('u1', 'a', null)
    expect(await records.create(uploadOf('u1'))).toBe(true)
    await texts.write('u2', 'b', null)
    expect(await listed()).toEqual(['u1', 'u2'])
    await texts.remove('u1')
    await texts.remove('u1')
    expect(await listed()).toEqual(['u2'])
    expect(await records.find('u1')).not.toBeNull()
  })
}
