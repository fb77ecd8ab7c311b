import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { PIECE } from '../src/client/keys.ts'
import type { RedisStore, RedisStoreOptions } from '../src/store/redis-store.ts'
import type { OpenedRedisStore } from './support/open-store.ts'
import { connectTo, openStore } from './support/open-store.ts'
import { describeRedis } from './support/redis-binary.ts'
import type { RedisServer } from './support/redis-server.ts'
import { startRedis } from './support/redis-server.ts'
import { ALONE, expectNumbered, numberedFrom, pieces, uploadOf } from './support/uploads.ts'

const ACCEPTED = { kind: 'accepted', location: null, response: null } as const
const HOUR = 3_600_000

describeRedis('the expiry of keys in Redis', () => {
  let server: RedisServer
  beforeAll(async () => void (server = await startRedis()))
  afterAll(() => server?.dispose())

  async function open(options: Partial<RedisStoreOptions>): Promise<OpenedRedisStore> {
    const opened = await openStore(() => connectTo(server), options)
    onTestFinished(() => opened.dispose())
    return opened
  }

  /** How long keys live, in milliseconds: the record, and each of its pieces. -1 is for ever. */
  async function lifetimes({ prefix }: OpenedRedisStore, id: string) {
    const record = `${prefix}upload:{${id}}`
    const names = (await server.command('KEYS', `${record}:*`)) as string[]
    const times = await Promise.all(names.map((name) => server.command('PTTL', name)))
    return { record: Number(await server.command('PTTL', record)), pieces: times.map(Number) }
  }

  /** As if time had passed, for all keys of an upload. */
  async function age(
    { prefix }: OpenedRedisStore,
    id: string,
    milliseconds: number,
  ): Promise<void> {
    for (const key of (await server.command('KEYS', `${prefix}upload:{${id}}*`)) as string[]) {
      const left = Number(await server.command('PTTL', key)) - milliseconds
      await server.command('PEXPIRE', key, String(left))
    }
  }

  async function grown(store: RedisStore, options: Parameters<typeof uploadOf>[1] = {}) {
    await store.create(uploadOf('u1', options))
    await store.append('u1', 0, numberedFrom(0, 4, PIECE - 10), ALONE)
  }

  it('a finished upload whose bytes are not kept has no pieces, and its record expires', async () => {
    const opened = await open({ expireEndedAfter: HOUR })
    await grown(opened.store)
    await opened.store.finish('u1', { ...ACCEPTED, keepBytes: false }, null)
    const { record, pieces: left } = await lifetimes(opened, 'u1')
    expect(left).toEqual([])
    expect(record).toBeGreaterThan(HOUR - 60_000)
    expect(await opened.store.find('u1')).toMatchObject({ outcome: { keepBytes: false } })
  })

  it('no key of an upload expires by default', async () => {
    const opened = await open({})
    await grown(opened.store)
    expect(await lifetimes(opened, 'u1')).toEqual({ record: -1, pieces: [-1, -1, -1, -1] })
  })

  it('with a ttl an unchanged upload expires, and no piece before its record', async () => {
    const opened = await open({ ttl: HOUR })
    await opened.store.create(uploadOf('u1'))
    expect((await lifetimes(opened, 'u1')).record).toBeGreaterThan(HOUR - 60_000)

    let at = 0
    for (let round = 0; round < 12; round += 1) {
      at = await opened.store.append('u1', at, numberedFrom(at, 1, PIECE - 10), ALONE)
      const { record, pieces } = await lifetimes(opened, 'u1')
      expect(record).toBeGreaterThan(HOUR - 60_000)
      expect(record).toBeLessThanOrEqual(HOUR)
      for (const piece of pieces) expect(piece).toBeGreaterThanOrEqual(record)
      await age(opened, 'u1', 0.9 * HOUR)
    }
    expect(await expectNumbered(opened.store, 'u1')).toBe(12 * (PIECE - 10))
  })

  it('bytes that wait for their checksum do not expire', async () => {
    const opened = await open({ ttl: HOUR })
    await opened.store.create(uploadOf('u1'))
    await age(opened, 'u1', 0.9 * HOUR)
    const verify = async (): Promise<boolean> => {
      const { record, pieces } = await lifetimes(opened, 'u1')
      for (const time of [record, ...pieces]) expect(time).toBeGreaterThan(HOUR - 60_000)
      return true
    }
    await opened.store.appendVerified('u1', 0, numberedFrom(0, 2, PIECE), { ...ALONE, verify })
  })

  it('a completed upload does not expire by default', async () => {
    const opened = await open({ ttl: HOUR })
    await grown(opened.store)
    await opened.store.finish('u1', ACCEPTED, null)
    expect(await lifetimes(opened, 'u1')).toEqual({ record: -1, pieces: [-1, -1, -1, -1] })

    const other = await open({ expireEndedAfter: 2 * HOUR })
    await grown(other.store)
    await other.store.finish('u1', ACCEPTED, null)
    const { record, pieces } = await lifetimes(other, 'u1')
    for (const time of [record, ...pieces]) expect(time).toBeGreaterThan(2 * HOUR - 60_000)
  })

  it('a complete partial upload expires like an unfinished one', async () => {
    const opened = await open({ ttl: HOUR })
    await grown(opened.store, { concatenation: { kind: 'partial' } })
    await opened.store.finish('u1', ACCEPTED, null)
    const { record, pieces } = await lifetimes(opened, 'u1')
    for (const time of [record, ...pieces]) expect(time).toBeGreaterThan(HOUR - 60_000)
  })

  it('a time that is not valid is refused', async () => {
    for (const expireAfter of [0, -1, Number.NaN, Number.MAX_SAFE_INTEGER]) {
      await expect(open({ ttl: expireAfter })).rejects.toThrow('ttl')
      await expect(open({ expireEndedAfter: expireAfter })).rejects.toThrow('expireEndedAfter')
    }
    for (const commandTimeout of [0, Number.POSITIVE_INFINITY]) {
      await expect(open({ commandTimeout })).rejects.toThrow('commandTimeout')
    }
    const opened = await open({ ttl: 10 * 365 * 24 * HOUR + 0.5 })
    await grown(opened.store)
    const { record, pieces } = await lifetimes(opened, 'u1')
    for (const time of [record, ...pieces]) expect(time).toBeGreaterThan(9 * 365 * 24 * HOUR)
    const endless = await open({ ttl: Number.POSITIVE_INFINITY })
    await grown(endless.store)
    expect((await lifetimes(endless, 'u1')).record).toBe(-1)
    const longest = await open({ ttl: Number.MAX_SAFE_INTEGER / 2 })
    await grown(longest.store)
    expect((await lifetimes(longest, 'u1')).record).toBeGreaterThan(2 ** 51)
  })

  it('an expired upload leaves no key in Redis', async () => {
    const opened = await open({ ttl: HOUR })
    await grown(opened.store)
    await age(opened, 'u1', HOUR - 50)
    await expect.poll(() => opened.store.find('u1'), { timeout: 10_000 }).toBeNull()
    await expect(opened.store.append('u1', 0, pieces('x'), ALONE)).rejects.toMatchObject({
      code: 'not_found',
    })
    await age(opened, 'u1', HOUR / 4)
    const left = (): Promise<unknown> => server.command('KEYS', `${opened.prefix}*`)
    await expect.poll(left, { timeout: 10_000 }).toEqual([])
    expect(await opened.store.create(uploadOf('u1'))).toBe(true)
  })
})
