import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { asking, hold, oldEnough, openLocker } from './support/lockers.ts'
import { describeRedis } from './support/redis-binary.ts'
import type { RedisServer } from './support/redis-server.ts'
import { startRedis } from './support/redis-server.ts'
import { startHolder } from './support/start-holder.ts'

/** Longer than a busy machine lets this process wait. */
const leaseTtl = 2_000
const tried = { timeout: 60_000 }

describeRedis('holders of the Redis locker', () => {
  let server: RedisServer
  let url: string
  beforeAll(async () => {
    server = await startRedis()
    url = server.url
    await oldEnough(leaseTtl)
  })
  afterAll(() => server?.dispose())

  it('the lease of a killed holder expires after the lease time', tried, async () => {
    const { child, token } = await startHolder(url, 'killed', leaseTtl)
    child.kill('SIGKILL')
    const killedAt = performance.now()
    const { lease, grantedAt, release } = await hold(await openLocker(url, leaseTtl), 'killed')
    expect(grantedAt - killedAt).toBeGreaterThan(leaseTtl / 4)
    expect(lease.token).toBeGreaterThan(token)
    await release()
  })

  it('a holder that was stopped for too long learns it when it resumes', tried, async () => {
    const { child, token, ended } = await startHolder(url, 'stopped', leaseTtl)
    child.kill('SIGSTOP')
    const { lease, release } = await hold(await openLocker(url, leaseTtl), 'stopped')
    child.kill('SIGCONT')
    expect(await ended).toBe(token)
    expect(lease.token).toBeGreaterThan(token)
    // It releases what is no longer its own.
    await once(child, 'exit')
    expect(lease.lost.aborted).toBe(false)
    const another = await openLocker(url, leaseTtl)
    const refused = another.withLease('stopped', asking('nothing'), () => Promise.resolve())
    await expect(refused).rejects.toMatchObject({ code: 'busy' })
    await release()
  })

  it(
    'a holder that cannot reach Redis stops before another one gets the lease',
    tried,
    async () => {
      const holder = await hold(await openLocker(url, leaseTtl), 'paused')
      const next = await openLocker(url, leaseTtl)
      const pausedAt = performance.now()
      server.pause()
      onTestFinished(() => server.resume())
      const nextHolder = hold(next, 'paused')
      const endedAt = await holder.endedAt
      expect(endedAt - pausedAt).toBeGreaterThan(leaseTtl / 4)
      server.resume()
      const { grantedAt, lease, release } = await nextHolder
      expect(grantedAt).toBeGreaterThan(endedAt)
      expect(lease.token).toBeGreaterThan(holder.lease.token!)
      await holder.release()
      await release()
    },
  )

  it(
    'whose connections are cut keeps its lease, and hears what is asked of it',
    tried,
    async () => {
      const holder = await hold(await openLocker(url, leaseTtl), 'cut')
      for (const type of ['normal', 'pubsub']) {
        await server.command('CLIENT', 'KILL', 'TYPE', type, 'SKIPME', 'yes')
      }
      await sleep(2 * leaseTtl)
      expect(holder.lease.lost.aborted).toBe(false)
      const next = hold(await openLocker(url, leaseTtl), 'cut', asking('stop'))
      await holder.endedAt
      await holder.release()
      const { lease, release } = await next
      expect(lease.token).toBeGreaterThan(holder.lease.token!)
      await release()
    },
  )

  it('a holder learns of a stop request behind another waiter', tried, async () => {
    const holder = await hold(await openLocker(url, leaseTtl), 'insisted')
    const locker = await openLocker(url, leaseTtl)
    const first = locker.withLease('insisted', asking('yield'), () => Promise.resolve('first'))
    await expect.poll(() => holder.lease.yieldRequest.isPending(), { timeout: 10_000 }).toBe(true)
    expect(holder.lease.lost.aborted).toBe(false)
    const second = locker.withLease('insisted', asking('stop'), () => Promise.resolve('second'))
    await holder.endedAt
    await holder.release()
    expect(await Promise.all([first, second])).toEqual(['first', 'second'])
  })
})
