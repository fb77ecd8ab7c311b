import { createClient, createCluster } from '@redis/client'
import { isUploadError } from '@tusker/core'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { asking, hold, lockerOver, oldEnough, openLocker } from './support/lockers.ts'
import { describeRedis } from './support/redis-binary.ts'
import { startCluster, startPair } from './support/redis-groups.ts'
import { startRedis } from './support/redis-server.ts'

const leaseTtl = 1_000
const tried = { timeout: 60_000 }

describeRedis('a Redis server that lost leases', () => {
  /** Both rely on the lease, unless the first one has lost it before the second one gets it. */
  async function expectNoOverlap(
    holder: Awaited<ReturnType<typeof hold>>,
    next: Awaited<ReturnType<typeof hold>>,
  ): Promise<void> {
    expect(holder.lease.lost.aborted).toBe(true)
    expect(next.grantedAt).toBeGreaterThan(await holder.endedAt)
    expect(next.lease.token).toBeGreaterThan(holder.lease.token!)
    await Promise.all([holder.release(), next.release()])
  }

  it('a restarted server grants no lease while an old one can be valid', tried, async () => {
    const server = await startRedis()
    onTestFinished(() => server.dispose())
    await oldEnough(leaseTtl)
    // It does not connect again, so that only its own clock can tell the holder.
    const socket = { reconnectStrategy: false } as const
    const client = createClient({ url: server.url, socket })
    await client.connect()
    const holder = await hold(lockerOver(client, leaseTtl), 'u1')
    await server.kill()
    await server.start()
    const next = await hold(await openLocker(server.url, leaseTtl), 'u1')
    await expectNoOverlap(holder, next)
  })

  it('a caller that does not wait gets busy until the server is old enough', tried, async () => {
    const server = await startRedis()
    onTestFinished(() => server.dispose())
    // Long enough that also a slow machine asks before the server is old enough.
    const locker = await openLocker(server.url, 5_000)
    const refused = locker.withLease('u1', asking('nothing'), () => Promise.resolve())
    await expect(refused).rejects.toMatchObject({ code: 'busy' })
    expect(await locker.withLease('u1', asking('yield'), () => Promise.resolve(1))).toBe(1)
    expect(await locker.withLease('u1', asking('nothing'), () => Promise.resolve(2))).toBe(2)
  })

  it('a restarted node of a cluster grants no lease either', tried, async () => {
    const long = 3_000
    const servers = await startCluster()
    onTestFinished(() => servers.dispose())
    await oldEnough(long)
    const rootNodes = servers.nodes.map((node) => ({ url: node.url }))
    const client = createCluster({ rootNodes })
    await client.connect()
    const locker = lockerOver(client, long)
    expect(await locker.withLease('u1', asking('nothing'), () => Promise.resolve(1))).toBe(1)
    for (const node of servers.nodes) await node.kill()
    const startedAt = performance.now()
    await Promise.all(servers.nodes.map((node) => node.start()))
    const next = await again(() => hold(locker, 'u1'))
    expect(next.grantedAt - startedAt).toBeGreaterThan(long)
    await next.release()
  })

  it(
    'after a failover is waited for until no lease of the old primary is left',
    tried,
    async () => {
      const pair = await startPair()
      onTestFinished(() => pair.dispose())
      await oldEnough(leaseTtl)
      // What happens from now on, the replica does not hear of.
      pair.replica.pause()
      await pair.primary.command('CLIENT', 'KILL', 'TYPE', 'replica')
      const holder = await hold(await openLocker(pair.primary.url, leaseTtl), 'u1')
      pair.primary.pause()
      pair.replica.resume()
      await pair.promote()
      const promotedAt = performance.now()
      expect(await pair.replica.command('EXISTS', 'tusker:lease:{u1}')).toBe(0)
      const locker = await openLocker(pair.replica.url, leaseTtl)
      const next = await hold(locker, 'u1')
      expect(next.grantedAt - promotedAt).toBeGreaterThanOrEqual(leaseTtl - 1)
      await expectNoOverlap(holder, next)
      // From then on it is as good as any.
      expect(await locker.withLease('u2', asking('nothing'), () => Promise.resolve(1))).toBe(1)
    },
  )

  it(
    'a server with an append-only file keeps its leases, and the holder continues',
    tried,
    async () => {
      const long = 3_000
      const server = await startRedis({ appendOnly: true })
      onTestFinished(() => server.dispose())
      await oldEnough(long)
      const holder = await hold(await openLocker(server.url, long), 'u1')
      await server.kill()
      await server.start()
      await sleep(long)
      expect(holder.lease.lost.aborted).toBe(false)
      await holder.release()
    },
  )
})

/** Retries as a client does after a 503. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isUploadError(error) || error.code !== 'unavailable') throw error
    }
  }
}
