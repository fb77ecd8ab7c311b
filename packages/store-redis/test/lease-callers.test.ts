import { createClient, createCluster } from '@redis/client'
import { isUploadError } from '@tusker/core'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { redisLocker } from '../src/index.ts'
import { asking, hold, oldEnough, openLocker } from './support/lockers.ts'
import { describeRedis } from './support/redis-binary.ts'
import type { RedisServer } from './support/redis-server.ts'
import { eventually, startRedis } from './support/redis-server.ts'

const leaseTtl = 1_000
const tried = { timeout: 60_000 }

describeRedis('callers of the Redis locker', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedis()
    await oldEnough(leaseTtl)
  })
  afterAll(() => server?.dispose())

  it('a lease that is granted after its caller left is released', tried, async () => {
    const long = 3_000
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
    // A lease that is not released would last longer.
    const other = await openLocker(server.url, leaseTtl)
    const free = AbortSignal.timeout(long - 1_000)
    expect(await other.withLease('left', asking('yield', free), () => Promise.resolve(1))).toBe(1)
  })

  it('a caller with a client that is not connected gets an error that says so', async () => {
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

  it('the locker needs only the documented commands, keys and channels', async () => {
    const commands =
      'eval evalsha hset hmget get set del pexpire pttl info time publish subscribe'.split(' ')
    const rights = ['~tusker:*', '&tusker:leases', ...commands.map((name) => `+${name}`)]
    await server.command('ACL', 'SETUSER', 'least', 'on', '>secret', ...rights)
    const url = server.url.replace('//', '//least:secret@')
    const holder = await hold(await openLocker(url, leaseTtl), 'least')
    const next = hold(await openLocker(url, leaseTtl), 'least', asking('stop'))
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
      const holder = await hold(await openLocker(url, leaseTtl), 'deaf')
      const next = hold(await openLocker(url, leaseTtl), 'deaf', asking(ask))
      const { yieldRequest, lost } = holder.lease
      await expect.poll(() => yieldRequest.isPending(), { timeout: 10_000 }).toBe(true)
      expect(lost.aborted).toBe(ask === 'stop')
      await holder.release()
      await (await next).release()
    },
  )

  it('a locker that closed its connection for messages still grants leases', async () => {
    const listeners = async (): Promise<number> =>
      Number(((await server.command('PUBSUB', 'NUMSUB', 'tusker:leases')) as unknown[])[1])
    const before = await listeners()
    const locker = await openLocker(server.url, leaseTtl)
    const serve = () => locker.withLease('closed', asking('nothing'), () => Promise.resolve(1))
    expect(await serve()).toBe(1)
    await eventually('it listens', async () => (await listeners()) === before + 1)
    locker.close()
    await eventually('it listens no more', async () => (await listeners()) === before)
    expect(await serve()).toBe(1)
    expect(await listeners()).toBe(before)
  })

  it('a caller gets the error of a command that Redis refuses', async () => {
    await server.command('ACL', 'SETUSER', 'little', 'on', '>secret', '~*', '+@all', '-info')
    const locker = await openLocker(server.url.replace('//', '//little:secret@'), leaseTtl)
    const refused = await locker
      .withLease('u3', asking('yield'), () => Promise.resolve())
      .catch((error: unknown) => error)
    // An operator has to mend it, so it is no refusal that a client hears.
    expect(isUploadError(refused)).toBe(false)
    expect(String(refused)).toMatch(/Redis refused to keep a lease/)
  })

  it('a caller gets unavailable when Redis cannot be reached', tried, async () => {
    const gone = await startRedis()
    const locker = await openLocker(gone.url, leaseTtl)
    await gone.dispose()
    const refused = await locker
      .withLease('u1', asking('yield'), () => Promise.resolve())
      .catch((error: unknown) => error)
    expect(isUploadError(refused) && [refused.code, refused.headers]).toEqual([
      'unavailable',
      { 'retry-after': '1' },
    ])
  })

  it('tokens grow also when the clock is set back or the counter is lost', async () => {
    const locker = await openLocker(server.url, leaseTtl)
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
