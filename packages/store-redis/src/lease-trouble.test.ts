import { createClient, createCluster } from '@redis/client'
import { isUploadError } from '@tusker/core'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { redisLocker } from './index.ts'
import { asking, hold, lockerOver, oldEnough, openLocker } from './testing/lockers.ts'
import { describeRedis } from './testing/redis-binary.ts'
import { startCluster, startPair } from './testing/redis-groups.ts'
import type { RedisServer } from './testing/redis-server.ts'
import { eventually, startRedis } from './testing/redis-server.ts'
import { startHolder } from './testing/start-holder.ts'

const leaseTime = 1_000
const tried = { timeout: 60_000 }

describeRedis('a holder in trouble', () => {
  let server: RedisServer
  let url: string
  beforeAll(async () => {
    server = await startRedis()
    url = server.url
    await oldEnough(leaseTime)
  })
  afterAll(() => server.dispose())

  it('that was killed is replaced after the lease time', tried, async () => {
    const { child, token } = await startHolder(url, 'killed', leaseTime)
    child.kill('SIGKILL')
    const killedAt = performance.now()
    const { lease, grantedAt, release } = await hold(await openLocker(url, leaseTime), 'killed')
    expect(grantedAt - killedAt).toBeGreaterThan(leaseTime / 4)
    expect(lease.token).toBeGreaterThan(token)
    await release()
  })

  it('that was stopped for too long knows it when it goes on', tried, async () => {
    const { child, token, ended } = await startHolder(url, 'stopped', leaseTime)
    child.kill('SIGSTOP')
    const { lease, release } = await hold(await openLocker(url, leaseTime), 'stopped')
    child.kill('SIGCONT')
    expect(await ended).toBe(token)
    expect(lease.token).toBeGreaterThan(token)
    // It releases what is no longer its own.
    await once(child, 'exit')
    expect(lease.ended.aborted).toBe(false)
    const another = await openLocker(url, leaseTime)
    const refused = another.withLease('stopped', asking('nothing'), () => Promise.resolve())
    await expect(refused).rejects.toMatchObject({ code: 'busy' })
    await release()
  })

  it('that finds no Redis gives up before anybody else comes in', tried, async () => {
    const holder = await hold(await openLocker(url, leaseTime), 'paused')
    const next = await openLocker(url, leaseTime)
    const pausedAt = performance.now()
    server.pause()
    onTestFinished(() => server.resume())
    const nextHolder = hold(next, 'paused')
    const endedAt = await holder.endedAt
    expect(endedAt - pausedAt).toBeGreaterThan(leaseTime / 4)
    server.resume()
    const { grantedAt, lease, release } = await nextHolder
    expect(grantedAt).toBeGreaterThan(endedAt)
    expect(lease.token).toBeGreaterThan(holder.lease.token!)
    await holder.release()
    await release()
  })

  it(
    'whose connections are cut keeps its lease, and hears what is asked of it',
    tried,
    async () => {
      const holder = await hold(await openLocker(url, leaseTime), 'cut')
      for (const type of ['normal', 'pubsub']) {
        await server.command('CLIENT', 'KILL', 'TYPE', type, 'SKIPME', 'yes')
      }
      await sleep(2 * leaseTime)
      expect(holder.lease.ended.aborted).toBe(false)
      const next = hold(await openLocker(url, leaseTime), 'cut', asking('stop'))
      await holder.endedAt
      await holder.release()
      const { lease, release } = await next
      expect(lease.token).toBeGreaterThan(holder.lease.token!)
      await release()
    },
  )

  it('hears of a caller behind another that insists', tried, async () => {
    const holder = await hold(await openLocker(url, leaseTime), 'insisted')
    const locker = await openLocker(url, leaseTime)
    const first = locker.withLease('insisted', asking('yield'), () => Promise.resolve('first'))
    await expect.poll(() => holder.lease.wanted.aborted, { timeout: 10_000 }).toBe(true)
    expect(holder.lease.ended.aborted).toBe(false)
    const second = locker.withLease('insisted', asking('stop'), () => Promise.resolve('second'))
    await holder.endedAt
    await holder.release()
    expect(await Promise.all([first, second])).toEqual(['first', 'second'])
  })
})

describeRedis('a caller in trouble', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedis()
    await oldEnough(leaseTime)
  })
  afterAll(() => server.dispose())

  it('leaves no lease behind that was granted after it left', tried, async () => {
    const long = 4_000
    await oldEnough(long)
    const locker = await openLocker(server.url, long)
    const gone = new AbortController()
    server.pause()
    onTestFinished(() => server.resume())
    const waiting = locker.withLease('left', asking('yield', gone.signal), () => Promise.resolve())
    await sleep(100)
    gone.abort(new Error('gone'))
    await expect(waiting).rejects.toThrow('gone')
    server.resume()
    // A lease that nobody ends would last longer.
    const other = await openLocker(server.url, leaseTime)
    const free = AbortSignal.timeout(long - 1_000)
    expect(await other.withLease('left', asking('yield', free), () => Promise.resolve(1))).toBe(1)
  })

  it('hears that its client is not connected', async () => {
    const clients = {
      client: createClient({ url: server.url }),
      cluster: createCluster({ rootNodes: [{ url: server.url }] }),
    }
    for (const client of Object.values(clients)) {
      const locker = redisLocker({ client })
      const refused = locker.withLease('u1', asking('yield'), () => Promise.resolve())
      await expect(refused).rejects.toThrow('not connected: await client.connect()')
      locker.close()
    }
  })

  it('needs no other commands, keys and channels than are documented', async () => {
    const commands =
      'eval evalsha hset hmget get set del pexpire pttl info time publish subscribe'.split(' ')
    const rights = ['~tusker:*', '&tusker:leases', ...commands.map((name) => `+${name}`)]
    await server.command('ACL', 'SETUSER', 'least', 'on', '>secret', ...rights)
    const url = server.url.replace('//', '//least:secret@')
    const holder = await hold(await openLocker(url, leaseTime), 'least')
    const next = hold(await openLocker(url, leaseTime), 'least', asking('stop'))
    await holder.endedAt
    await holder.release()
    await (await next).release()
  })

  it.each(['yield', 'stop'] as const)(
    'that may not subscribe looks for itself: %s',
    async (ask) => {
      await server.command(
        'ACL',
        'SETUSER',
        'deaf',
        'on',
        '>secret',
        '~*',
        '&*',
        '+@all',
        '-subscribe',
      )
      const url = server.url.replace('//', '//deaf:secret@')
      const holder = await hold(await openLocker(url, leaseTime), 'deaf')
      const next = hold(await openLocker(url, leaseTime), 'deaf', asking(ask))
      const { wanted, ended } = holder.lease
      await expect.poll(() => wanted.aborted, { timeout: 10_000 }).toBe(true)
      expect(ended.aborted).toBe(ask === 'stop')
      await holder.release()
      await (await next).release()
    },
  )

  it('that closed its connection for messages has none left, and is served all the same', async () => {
    const listeners = async (): Promise<number> =>
      Number(((await server.command('PUBSUB', 'NUMSUB', 'tusker:leases')) as unknown[])[1])
    const before = await listeners()
    const locker = await openLocker(server.url, leaseTime)
    const serve = () => locker.withLease('closed', asking('nothing'), () => Promise.resolve(1))
    expect(await serve()).toBe(1)
    await eventually('it listens', async () => (await listeners()) === before + 1)
    locker.close()
    await eventually('it listens no more', async () => (await listeners()) === before)
    expect(await serve()).toBe(1)
    expect(await listeners()).toBe(before)
  })

  it('hears what Redis does not let it do', async () => {
    await server.command('ACL', 'SETUSER', 'little', 'on', '>secret', '~*', '+@all', '-info')
    const locker = await openLocker(server.url.replace('//', '//little:secret@'), leaseTime)
    const refused = await locker
      .withLease('u3', asking('yield'), () => Promise.resolve())
      .catch((error: unknown) => error)
    // An operator has to mend it, so it is no refusal that a client hears.
    expect(isUploadError(refused)).toBe(false)
    expect(String(refused)).toMatch(/Redis refused to keep a lease/)
  })

  it('is to come again when Redis is gone', tried, async () => {
    const gone = await startRedis()
    const locker = await openLocker(gone.url, leaseTime)
    await gone.dispose()
    const refused = await locker
      .withLease('u1', asking('yield'), () => Promise.resolve())
      .catch((error: unknown) => error)
    expect(isUploadError(refused) && [refused.code, refused.headers]).toEqual([
      'unavailable',
      { 'retry-after': '1' },
    ])
  })

  it('gets a greater token also when the clock went back, or the counter is lost', async () => {
    const locker = await openLocker(server.url, leaseTime)
    const next = (): Promise<number> =>
      locker.withLease('u1', asking('yield'), ({ token }) => Promise.resolve(token!))
    const ahead = (await next()) + 1e12
    await server.command('SET', 'tusker:token:{u1}', String(ahead))
    expect(await next()).toBe(ahead + 1)
    const now = await locker.withLease('u2', asking('yield'), ({ token }) =>
      Promise.resolve(token!),
    )
    await server.command('DEL', 'tusker:token:{u2}')
    const later = await locker.withLease('u2', asking('yield'), ({ token }) =>
      Promise.resolve(token!),
    )
    expect(later).toBeGreaterThan(now)
    expect(Number(await server.command('PTTL', 'tusker:token:{u2}'))).toBeGreaterThan(3_600_000)
  })
})

describeRedis('a server that forgot leases', () => {
  /** Both believe that they hold the lease, if the first was not told before the second came. */
  async function expectNoOverlap(
    holder: Awaited<ReturnType<typeof hold>>,
    next: Awaited<ReturnType<typeof hold>>,
  ): Promise<void> {
    expect(holder.lease.ended.aborted).toBe(true)
    expect(next.grantedAt).toBeGreaterThan(await holder.endedAt)
    expect(next.lease.token).toBeGreaterThan(holder.lease.token!)
    await Promise.all([holder.release(), next.release()])
  }

  it('grants none while somebody may still count on one', tried, async () => {
    const server = await startRedis()
    onTestFinished(() => server.dispose())
    await oldEnough(leaseTime)
    // It does not connect again, so that only its own clock can tell the holder.
    const socket = { reconnectStrategy: false } as const
    const client = createClient({ url: server.url, socket })
    await client.connect()
    const holder = await hold(lockerOver(client, leaseTime), 'u1')
    await server.kill()
    await server.start()
    const next = await hold(await openLocker(server.url, leaseTime), 'u1')
    await expectNoOverlap(holder, next)
  })

  it('is refused by those who ask for nothing, until it is old enough', tried, async () => {
    const server = await startRedis()
    onTestFinished(() => server.dispose())
    const locker = await openLocker(server.url, leaseTime)
    const refused = locker.withLease('u1', asking('nothing'), () => Promise.resolve())
    await expect(refused).rejects.toMatchObject({ code: 'busy' })
    expect(await locker.withLease('u1', asking('yield'), () => Promise.resolve(1))).toBe(1)
    expect(await locker.withLease('u1', asking('nothing'), () => Promise.resolve(2))).toBe(2)
  })

  it('as a node of a cluster grants none either', tried, async () => {
    const long = 4_000
    const servers = await startCluster()
    onTestFinished(() => servers.dispose())
    await oldEnough(long)
    const rootNodes = servers.nodes.map((node) => ({ url: node.url }))
    const client = createCluster({ rootNodes })
    await client.connect()
    const locker = lockerOver(client, long)
    expect(await locker.withLease('u1', asking('nothing'), () => Promise.resolve(1))).toBe(1)
    for (const node of servers.nodes) await node.kill()
    await Promise.all(servers.nodes.map((node) => node.start()))
    const startedAt = performance.now()
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
      await oldEnough(leaseTime)
      // What happens from now on, the replica does not hear of.
      pair.replica.pause()
      await pair.primary.command('CLIENT', 'KILL', 'TYPE', 'replica')
      const holder = await hold(await openLocker(pair.primary.url, leaseTime), 'u1')
      pair.primary.pause()
      pair.replica.resume()
      await pair.promote()
      const promotedAt = performance.now()
      expect(await pair.replica.command('EXISTS', 'tusker:lease:{u1}')).toBe(0)
      const locker = await openLocker(pair.replica.url, leaseTime)
      const next = await hold(locker, 'u1')
      expect(next.grantedAt - promotedAt).toBeGreaterThanOrEqual(leaseTime - 1)
      await expectNoOverlap(holder, next)
      // From then on it is as good as any.
      expect(await locker.withLease('u2', asking('nothing'), () => Promise.resolve(1))).toBe(1)
    },
  )

  it('has forgotten nothing with a file, and the holder goes on', tried, async () => {
    const long = 4_000
    const server = await startRedis({ appendOnly: true })
    onTestFinished(() => server.dispose())
    await oldEnough(long)
    const holder = await hold(await openLocker(server.url, long), 'u1')
    await server.kill()
    await server.start()
    await sleep(long)
    expect(holder.lease.ended.aborted).toBe(false)
    await holder.release()
  })
})

/** As a client does that was told to come again. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isUploadError(error) || error.code !== 'unavailable') throw error
    }
  }
}
