import type { Outcome, UploadRecords } from '@tusker/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { commandsOver } from '../src/client/commands.ts'
import { redisRecords } from '../src/records/redis-records.ts'
import { redisStore } from '../src/store/redis-store.ts'
import type { OpenedClient } from './support/open-store.ts'
import { connectCluster, connectPool, connectTo } from './support/open-store.ts'
import { describeRedis } from './support/redis-binary.ts'
import type { RedisClusterServers } from './support/redis-groups.ts'
import { startCluster } from './support/redis-groups.ts'
import type { RedisServer } from './support/redis-server.ts'
import { startRedis } from './support/redis-server.ts'
import { uploadOf } from './support/uploads.ts'

const INTERRUPTED = { code: 'interrupted' }

describeRedis('redisRecords', () => {
  let server: RedisServer
  let servers: RedisClusterServers
  beforeAll(async () => {
    ;[server, servers] = await Promise.all([startRedis(), startCluster()])
  }, 60_000)
  afterAll(() => Promise.all([server?.dispose(), servers?.dispose()]))

  describe('over one connection', () => describeRecords(() => connectTo(server)))
  describe('over a pool', () => describeRecords(() => connectPool(server)))
  describe('over a cluster', () => describeRecords(() => connectCluster(servers)))
})

let count = 0

function describeRecords(connect: () => Promise<OpenedClient>): void {
  let opened: OpenedClient
  let prefix: string
  let records: UploadRecords
  beforeEach(async () => {
    opened = await connect()
    prefix = `records-${(count += 1)}:`
    records = redisRecords({ client: opened.client, prefix })
    return () => opened.close()
  })

  async function listed(): Promise<string[]> {
    const ids: string[] = []
    for await (const id of records.list()) ids.push(id)
    return ids.sort()
  }

  it('a record is found as it was created', async () => {
    const upload = uploadOf('u1', {
      length: Number.MAX_SAFE_INTEGER,
      metadata: 'name YQ==',
      owner: 'Zo\u00eb',
      attributes: JSON.parse('{"__proto__": "a"}') as Record<string, string>,
      concatenation: { kind: 'final', parts: ['p1'] },
      concatenationField: 'final;/files/p1',
    })
    expect(await records.find('u1')).toBeNull()
    expect(await records.create(upload)).toBe(true)
    expect(await records.find('u1')).toEqual({
      token: 0,
      writer: null,
      data: null,
      upload: { ...upload, offset: 0, updatedAt: upload.createdAt, outcome: null },
    })
  })

  it('of several creations of one record one succeeds', async () => {
    const all = Array.from({ length: 20 }, (_, index) =>
      records.create(uploadOf('u1', { owner: `${index}` })),
    )
    const created = await Promise.all(all)
    expect(created.filter(Boolean)).toHaveLength(1)
    expect(await records.find('u1')).toMatchObject({
      upload: { owner: `${created.indexOf(true)}` },
    })
  })

  it('a change of a record is atomic and changes only the given fields', async () => {
    await records.create(uploadOf('u1'))
    const updatedAt = new Date(1_800_000_000_123)
    await records.change('u1', 4, { offset: 2 ** 53 - 1, updatedAt })
    expect(await records.find('u1')).toMatchObject({
      token: 4,
      upload: { offset: 2 ** 53 - 1, updatedAt, length: null, outcome: null },
    })
    const outcome: Outcome = { kind: 'rejected', message: 'a virus \u{1f9a0}' }
    await records.change('u1', null, { length: 2 ** 53 - 1, outcome, writer: 'me', data: 'd-1' })
    expect(await records.find('u1')).toMatchObject({
      token: 4,
      writer: 'me',
      data: 'd-1',
      upload: { offset: 2 ** 53 - 1, updatedAt, length: 2 ** 53 - 1, outcome },
    })
    await records.change('u1', 4, { writer: null })
    expect(await records.find('u1')).toMatchObject({
      writer: null,
      data: 'd-1',
      upload: { outcome },
    })
  })

  it('a stale holder cannot change a record', async () => {
    await records.create(uploadOf('u1'))
    await records.change('u1', 8, {})
    const before = await records.find('u1')
    expect(before?.token).toBe(8)
    await expect(records.change('u1', 7, { offset: 5, data: 'late' })).rejects.toMatchObject(
      INTERRUPTED,
    )
    await expect(records.remove('u1', 7)).rejects.toMatchObject(INTERRUPTED)
    expect(await records.find('u1')).toEqual(before)
    await records.change('u1', 8, { offset: 5 })
    await records.remove('u1', 8)
    expect(await records.find('u1')).toBeNull()
  })

  it('an offset never goes back', async () => {
    await records.create(uploadOf('u1'))
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        records.change('u1', null, { offset: (index * 13) % 50 }),
      ),
    )
    expect(await records.find('u1')).toMatchObject({ upload: { offset: 49 } })
  })

  it('a damaged record is reported as damaged, and can be removed', async () => {
    await records.create(uploadOf('u1'))
    const key = `${prefix}record:{u1}`
    const commands = commandsOver(opened.client, 5_000)
    await commands.send(key, ['HSET', key, 'facts', '{'])
    await expect(records.find('u1')).rejects.toMatchObject({ code: 'damaged' })
    await records.remove('u1', null)
    expect(await records.find('u1')).toBeNull()
  })

  it('a change does not create a record', async () => {
    await expect(records.change('u1', 1, { offset: 5 })).rejects.toMatchObject({
      code: 'not_found',
    })
    await records.remove('u1', 1)
    expect(await records.find('u1')).toBeNull()
  })

  it('records are listed separately from the uploads of a store with the same prefix', async () => {
    await redisStore({ client: opened.client, prefix }).create(uploadOf('other'))
    const ids = Array.from({ length: 50 }, (_, index) => `u${index}`)
    for (const id of ids) await records.create(uploadOf(id))
    expect(await listed()).toEqual([...ids].sort())
    await records.remove('u7', null)
    expect(await listed()).toHaveLength(49)
  })
}
