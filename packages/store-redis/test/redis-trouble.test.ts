import type { UploadInfo } from '@tusker/core'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import type { RedisStore } from '../src/store/redis-store.ts'
import { random, rounds } from '../../testing/test/support/test-rounds.ts'
import { redisStore } from '../src/store/redis-store.ts'
import { connectTo } from './support/open-store.ts'
import { describeRedis } from './support/redis-binary.ts'
import type { RedisServer, RedisServerOptions } from './support/redis-server.ts'
import { startRedis } from './support/redis-server.ts'
import {
  ALONE,
  expectNumbered,
  numbered,
  numberedFrom,
  pieces,
  uploadOf,
} from './support/uploads.ts'

const unhandled = vi.fn()

async function open(options: RedisServerOptions, commandTimeout: number) {
  const server = await startRedis(options)
  onTestFinished(() => server.dispose())
  return { server, store: await storeOn(server, commandTimeout) }
}

async function storeOn(server: RedisServer, commandTimeout = 10_000): Promise<RedisStore> {
  const { client, close } = await connectTo(server)
  onTestFinished(close)
  return redisStore({ client, commandTimeout })
}

/** A body that continues until it is ended. */
function endless(start: number) {
  let isOver = false
  async function* body(): AsyncGenerator<Uint8Array> {
    for (let at = start; !isOver; at += 20_000) {
      yield numbered(at, 20_000)
      await sleep(1)
    }
  }
  return { body: body(), end: () => void (isOver = true) }
}

describeRedis('trouble with Redis', () => {
  beforeEach(() => {
    unhandled.mockClear()
    process.on('unhandledRejection', unhandled)
  })
  afterEach(() => {
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })

  it('an append continues after its connection to Redis was cut', async () => {
    const { server, store } = await open({}, 20_000)
    await store.create(uploadOf('u1'))
    let cuts = 0
    const onProgress = (offset: number): void => {
      if (offset < (cuts + 1) * 1_000_000) return
      cuts += 1
      void server.command('CLIENT', 'KILL', 'TYPE', 'normal').catch(() => {})
    }
    const reached = await store.append('u1', 0, numberedFrom(0, 300, 20_000), {
      token: 3,
      onProgress,
    })
    expect(reached).toBe(6_000_000)
    expect(cuts).toBeGreaterThan(3)
    expect(await expectNumbered(store, 'u1')).toBe(6_000_000)
  })

  it('a killed and restarted Redis with an append-only file loses no acknowledged byte', {
    timeout: 120_000,
  }, async () => {
    const { server, store } = await open({ appendOnly: true }, 2_000)
    await store.create(uploadOf('u1'))
    for (let round = 0; round < 1 + rounds; round += 1) {
      const start = (await store.find('u1'))?.offset ?? 0
      let reported = start
      const { body, end } = endless(start)
      const appending = store.append('u1', start, body, {
        token: round + 1,
        onProgress: (offset) => (reported = offset),
      })
      const failed = expect(appending).rejects.toThrow(/Redis|Socket|connect|closed/)
      await expect.poll(() => reported, { timeout: 10_000 }).toBeGreaterThan(start)
      await sleep(random() * 300)
      await server.kill()
      await failed
      end()
      await server.start()
      await expect
        .poll(() => store.find('u1').catch(() => null), { timeout: 10_000 })
        .not.toBeNull()
      expect(await expectNumbered(store, 'u1')).toBeGreaterThanOrEqual(reported)
    }
  })

  it('an append waits for a Redis that restarts in time', { timeout: 60_000 }, async () => {
    const { server, store } = await open({ appendOnly: true }, 30_000)
    await store.create(uploadOf('u1'))
    const { body, end } = endless(0)
    let reported = 0
    const onProgress = (offset: number): void => void (reported = offset)
    const appending = store.append('u1', 0, body, { token: 1, onProgress })
    await expect.poll(() => reported).toBeGreaterThan(0)
    await server.kill()
    const before = reported
    await server.start()
    await expect.poll(() => reported, { timeout: 20_000 }).toBeGreaterThan(before)
    end()
    expect(await expectNumbered(store, 'u1')).toBeLessThanOrEqual(await appending)
    expect(await expectNumbered(store, 'u1')).toBe(await appending)
  })

  it('uploads are not found in a Redis that restarts without data', {
    timeout: 60_000,
  }, async () => {
    const { server, store } = await open({}, 20_000)
    await store.create(uploadOf('u1'))
    await store.create(uploadOf('u2'))
    const { body, end } = endless(0)
    let reported = 0
    const onProgress = (offset: number): void => void (reported = offset)
    const appending = store.append('u1', 0, body, { token: 1, onProgress })
    const refused = expect(appending).rejects.toMatchObject({ code: 'not_found' })
    await expect.poll(() => reported).toBeGreaterThan(0)
    await server.kill()
    await server.start()
    await refused
    end()
    expect(await store.find('u1')).toBeNull()
    await expect(store.append('u2', 0, pieces('x'), ALONE)).rejects.toMatchObject({
      code: 'not_found',
    })
    expect(await server.command('KEYS', '*')).toEqual([])
  })

  it('a command to a Redis that does not reply times out', { timeout: 60_000 }, async () => {
    const { server, store } = await open({}, 700)
    await store.create(uploadOf('u1'))
    await store.append('u1', 0, numberedFrom(0, 1, 1_000), ALONE)
    server.pause()
    const began = performance.now()
    const slow = /did not answer within 700 ms/
    const works: Promise<unknown>[] = [
      store.append('u1', 1_000, numberedFrom(1_000, 1_000, 5_000), ALONE),
      store.find('u1'),
      store.create(uploadOf('u2')),
      store.remove('u1', null),
      store.finish('u1', { kind: 'rejected', message: 'no' }, null),
    ]
    await Promise.all(works.map((work) => expect(work).rejects.toThrow(slow)))
    expect(performance.now() - began).toBeLessThan(20_000)
    server.resume()
    const found = async (): Promise<UploadInfo | null> => store.find('u1')
    // What was on its way is done, or not: whole steps of it.
    await expect
      .poll(() =>
        found().then(
          () => true,
          () => false,
        ),
      )
      .toBe(true)
  })

  it('a full Redis refuses more bytes and keeps the stored ones', async () => {
    const { server, store } = await open({ args: ['--maxmemory-policy', 'noeviction'] }, 5_000)
    await store.create(uploadOf('u1'))
    const used = /used_memory:(\d+)/.exec(String(await server.command('INFO', 'memory')))?.[1]
    await server.command('CONFIG', 'SET', 'maxmemory', String(Number(used) + 6 * 2 ** 20))
    const full = store.append('u1', 0, numberedFrom(0, 400, 50_000), { token: 4 })
    await expect(full).rejects.toMatchObject({
      code: 'unavailable',
      headers: { 'retry-after': '10' },
      message: 'the server has no free space at the moment, retry later',
    })
    const kept = await expectNumbered(store, 'u1')
    expect(kept).toBeGreaterThan(500_000)
    await server.command('CONFIG', 'SET', 'maxmemory', '1')
    await expect(store.create(uploadOf('u2'))).rejects.toMatchObject({ code: 'unavailable' })
    await expect(store.append('u1', kept, pieces('x'), ALONE)).rejects.toMatchObject({
      code: 'unavailable',
    })
    expect(await expectNumbered(store, 'u1')).toBe(kept)

    await server.command('CONFIG', 'SET', 'maxmemory', '0')
    await store.append('u1', kept, numberedFrom(kept, 10, 50_000), { token: 5 })
    expect(await expectNumbered(store, 'u1')).toBe(kept + 500_000)
    // What has to go to make room can go.
    await server.command('CONFIG', 'SET', 'maxmemory', '1')
    await store.remove('u1', 5)
    expect(await store.find('u1')).toBeNull()
  })

  it('the store sends its scripts to a Redis that lost them', async () => {
    const { server, store } = await open({}, 5_000)
    await store.create(uploadOf('u1'))
    await server.command('SCRIPT', 'FLUSH')
    expect(await store.append('u1', 0, numberedFrom(0, 50, 20_000), ALONE)).toBe(1_000_000)
    expect(await expectNumbered(store, 'u1')).toBe(1_000_000)
  })
})
