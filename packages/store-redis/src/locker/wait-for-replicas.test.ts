import { createClientPool } from '@redis/client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { redisLocker } from '../index.ts'
import { asking, hold, oldEnough, openLocker } from '../../test/support/lockers.ts'
import { describeRedis } from '../../test/support/redis-binary.ts'
import type { RedisPair } from '../../test/support/redis-groups.ts'
import { startPair } from '../../test/support/redis-groups.ts'
import { eventually } from '../../test/support/redis-server.ts'

const leaseTtl = 1_000

describeRedis('a lease that replicas are to know of', () => {
  let pair: RedisPair
  beforeAll(async () => {
    pair = await startPair()
    await oldEnough(leaseTtl)
  })
  afterAll(() => pair?.dispose())

  it('replicas know a lease before its holder gets it, until it expires', async () => {
    const { lease, release } = await hold(await openLocker(pair.primary.url, leaseTtl, 1), 'known')
    expect(await pair.replica.command('EXISTS', 'tusker:lease:{known}')).toBe(1)
    await new Promise((resolve) => setTimeout(resolve, 2 * leaseTtl))
    expect(lease.lost.aborted).toBe(false)
    await release()
    await eventually('the replica knows of its end', async () => {
      return (await pair.replica.command('EXISTS', 'tusker:lease:{known}')) === 0
    })
  })

  it('a lease is not granted without enough replicas', async () => {
    const locker = await openLocker(pair.primary.url, leaseTtl, 2)
    const refused = locker.withLease('few', asking('nothing'), () => Promise.resolve())
    await expect(refused).rejects.toMatchObject({ code: 'unavailable' })
    expect(await pair.primary.command('EXISTS', 'tusker:lease:{few}')).toBe(0)
  })

  it('a lease ends when replicas cannot be reached, although the primary can', async () => {
    const holder = await hold(await openLocker(pair.primary.url, leaseTtl, 1), 'cut off')
    pair.replica.pause()
    try {
      await holder.endedAt
      expect(await pair.primary.command('PING')).toBe('PONG')
    } finally {
      pair.replica.resume()
    }
    await holder.release()
  })

  it('a pool is refused, because replicas answer to one connection', () => {
    const client = createClientPool({ url: pair.primary.url })
    expect(() => redisLocker({ client, replicas: 1 })).toThrow(TypeError)
  })
})
