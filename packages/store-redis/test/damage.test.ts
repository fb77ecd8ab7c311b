import type { UploadStore } from '@tusker/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { PIECE } from '../src/client/keys.ts'
import type { RedisStore } from '../src/store/redis-store.ts'
import type { OpenedRedisStore } from './support/open-store.ts'
import { connectTo, openStore } from './support/open-store.ts'
import { describeRedis } from './support/redis-binary.ts'
import type { RedisServer } from './support/redis-server.ts'
import { startRedis } from './support/redis-server.ts'
import { ALONE, expectNumbered, numberedFrom, pieces, textOf, uploadOf } from './support/uploads.ts'

const ACCEPTED = { kind: 'accepted', location: null, response: null } as const
const DAMAGED = { code: 'damaged' }

describeRedis('the keys of an upload in Redis', () => {
  let server: RedisServer
  let opened: OpenedRedisStore
  let store: RedisStore
  let record: string
  beforeAll(async () => void (server = await startRedis()))
  afterAll(() => server?.dispose())
  beforeEach(async () => {
    opened = await openStore(() => connectTo(server))
    store = opened.store
    record = `${opened.prefix}upload:{u1}`
    await store.create(uploadOf('u1'))
    return () => opened.dispose()
  })

  /** Names and lengths, in bytes, of the pieces, in their order. */
  async function piecesOf(): Promise<(readonly [string, number])[]> {
    const names = (await server.command('KEYS', `${record}:*`)) as string[]
    const numberOf = (name: string): number => Number(name.slice(name.lastIndexOf(':') + 1))
    names.sort((a, b) => numberOf(a) - numberOf(b))
    const lengths = await Promise.all(names.map((name) => server.command('STRLEN', name)))
    return names.map((name, index) => [name, Number(lengths[index])])
  }

  const lengths = async (): Promise<number[]> => (await piecesOf()).map(([, length]) => length)

  async function lose(number: number): Promise<void> {
    const [name = ''] = (await piecesOf())[number] ?? []
    expect(await server.command('DEL', name)).toBe(1)
  }

  describe('when a piece is missing', () => {
    beforeEach(async () => {
      await store.append('u1', 0, numberedFrom(0, 3, PIECE - 100), ALONE)
      expect(await lengths()).toEqual([PIECE, PIECE, PIECE - 300])
    })

    it.each([0, 1, 2])('make it a damaged one: piece %i', async (number) => {
      await lose(number)
      await expect(store.find('u1')).rejects.toMatchObject(DAMAGED)
      await expect(store.finish('u1', ACCEPTED, null)).rejects.toMatchObject(DAMAGED)
      await expect(readAll(store)).rejects.toMatchObject(DAMAGED)
      await store.create(uploadOf('whole'))
      await expect(store.concatenate('whole', ['u1'], null)).rejects.toMatchObject(DAMAGED)
      await store.remove('u1', null)
      expect(await store.find('u1')).toBeNull()
      expect(await lengths()).toEqual([])
    })

    it('an upload with a missing last piece accepts no bytes', async () => {
      await lose(2)
      const at = 3 * (PIECE - 100)
      await expect(store.append('u1', at, pieces('x'), ALONE)).rejects.toMatchObject(DAMAGED)
      expect(await lengths()).toEqual([PIECE, PIECE])
    })

    it('an append reports damage when a piece disappears meanwhile', async () => {
      async function* body(): AsyncGenerator<Uint8Array> {
        yield* numberedFrom(3 * (PIECE - 100), 1, 10)
        await expect.poll(async () => (await store.find('u1'))?.offset).toBe(3 * PIECE - 290)
        await lose(2)
        yield Buffer.from('x')
      }
      const appending = store.append('u1', 3 * (PIECE - 100), body(), ALONE)
      await expect(appending).rejects.toMatchObject(DAMAGED)
    })

    it('a running read fails when a piece disappears', async () => {
      const chunks = store.read('u1', 0, 3 * (PIECE - 100))[Symbol.asyncIterator]()
      expect((await chunks.next()).value).toHaveLength(PIECE)
      await lose(2)
      const rest = async (): Promise<void> => {
        while ((await chunks.next()).done !== true) continue
      }
      await expect(rest()).rejects.toMatchObject(DAMAGED)
    })

    it('pieces without a record are no upload', async () => {
      await server.command('DEL', record)
      expect(await store.find('u1')).toBeNull()
      await store.create(uploadOf('u1'))
      expect(await store.find('u1')).toMatchObject({ offset: 0 })
      expect(await textOf(store, 'u1')).toBe('')
    })
  })

  it.each([
    ['facts', '{"version":1'],
    ['facts', '{"version":2,"metadata":"","attributes":{},"createdAt":"2026-01-01"}'],
    ['facts', '{"version":1,"id":"u2","metadata":"","attributes":{},"createdAt":"2026-01-01"}'],
    ['facts', '7'],
    ['updatedAt', 'yesterday'],
    ['length', '-1'],
    ['outcome', '{'],
    ['token', ''],
  ])('make it a damaged one when the record is not ours: %s %s', async (field, value) => {
    await server.command('HSET', record, field, value)
    await expect(store.find('u1')).rejects.toMatchObject(DAMAGED)
    await store.remove('u1', null)
    expect(await store.find('u1')).toBeNull()
  })

  it('a completed upload has no bytes beyond its length in Redis', async () => {
    const wrong = (): Promise<boolean> => Promise.resolve(false)
    const died = (): Promise<boolean> => Promise.reject(new Error('died'))
    await store.append('u1', 0, numberedFrom(0, 1, 1_000), ALONE)
    const dying = store.appendVerified('u1', 1_000, numberedFrom(0, 3, PIECE), {
      ...ALONE,
      verify: died,
    })
    await expect(dying).rejects.toThrow('died')
    expect(await lengths()).toEqual([PIECE, PIECE, PIECE, 1_000])
    await store.appendVerified('u1', 1_000, numberedFrom(0, 2, PIECE), { ...ALONE, verify: wrong })
    expect(await lengths()).toEqual([PIECE])
    const dyingAgain = store.appendVerified('u1', 1_000, numberedFrom(0, 3, PIECE), {
      ...ALONE,
      verify: died,
    })
    await expect(dyingAgain).rejects.toThrow('died')
    await store.finish('u1', ACCEPTED, null)
    expect(await lengths()).toEqual([1_000])
    expect(await expectNumbered(store, 'u1')).toBe(1_000)
  })

  it('removing an upload removes all its pieces, also uncommitted ones', async () => {
    const died = (): Promise<boolean> => Promise.reject(new Error('died'))
    const dying = store.appendVerified('u1', 0, numberedFrom(0, 3, PIECE), {
      ...ALONE,
      verify: died,
    })
    await expect(dying).rejects.toThrow('died')
    await store.append('u1', 0, pieces('hello'), ALONE)
    expect(await lengths()).toEqual([5, PIECE, PIECE])
    await store.remove('u1', null)
    expect(await server.command('KEYS', `${opened.prefix}*`)).toEqual([])
  })

  it('an upload in chunks of any size takes little more memory than its bytes', async () => {
    const step = 2 ** 15 + 2 ** 13
    const end = await store.append('u1', 0, numberedFrom(0, 64, step), ALONE)
    for (let at = end; at < end + 64 * step; at += step) {
      await store.append('u1', at, numberedFrom(at, 1, step), ALONE)
    }
    let used = 0
    for (const [name] of await piecesOf()) {
      used += Number(await server.command('MEMORY', 'USAGE', name))
    }
    expect(used / (128 * step)).toBeLessThan(1.1)
    expect(await expectNumbered(store, 'u1')).toBe(128 * step)
  })
})

async function readAll(store: UploadStore): Promise<void> {
  for await (const _ of store.read?.('u1', 0, 3 * (PIECE - 100)) ?? []) continue
}
