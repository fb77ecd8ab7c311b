import type { Locker } from '@tusker/core'
import { isUploadError } from '@tusker/core'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { random, rounds } from '../../testing/test/support/test-rounds.ts'
import { asking, oldEnough, openLocker } from './support/lockers.ts'
import type { Cable } from './support/cable.ts'
import { startCable } from './support/cable.ts'
import { describeRedis } from './support/redis-binary.ts'
import type { RedisServer } from './support/redis-server.ts'
import { startRedis } from './support/redis-server.ts'

const leaseTtl = 1_000
const lasts = 5_000 * rounds

/** The time during which a holder relied on the lease, by one clock. */
interface Reign {
  readonly from: number
  readonly to: number
  readonly token: number
}

interface Storm {
  readonly end: number
  readonly reigns: Reign[]
  /** The connection of the current or the last holder to the server. */
  cable: Cable | null
}

describeRedis('leases with random failures', () => {
  it('a lease has one holder at a time and growing tokens through random failures', {
    timeout: 30_000 + 2 * lasts,
  }, async () => {
    const server = await startRedis()
    onTestFinished(() => server.dispose())
    const cables = await Promise.all([1, 2, 3].map(() => startCable(server.port)))
    onTestFinished(() => cables.forEach((cable) => cable.dispose()))
    const lockers = await Promise.all(cables.map(({ url }) => openLocker(url, leaseTtl)))
    await oldEnough(leaseTtl)

    const storm: Storm = { end: performance.now() + lasts, reigns: [], cable: null }
    const working = lockers.map((locker, index) => reign(storm, locker, cables[index]!))
    await Promise.all([rage(storm, server), ...working])

    const reigns = storm.reigns.sort((one, two) => one.from - two.from)
    for (const [index, next] of reigns.entries()) {
      const before = reigns[index - 1]
      if (before === undefined) continue
      expect(next.from).toBeGreaterThanOrEqual(before.to)
      expect(next.token).toBeGreaterThan(before.token)
    }
    expect(reigns).not.toHaveLength(0)
  })
})

async function reign(storm: Storm, locker: Locker, cable: Cable): Promise<void> {
  while (performance.now() < storm.end) {
    const ask = random() < 0.5 ? 'yield' : 'stop'
    await locker
      .withLease('u1', asking(ask, AbortSignal.timeout(3_000)), async ({ token, lost }) => {
        const from = performance.now()
        storm.cable = cable
        const works = random() < 0.3 ? 3 * leaseTtl : 100 * random()
        const stop = new AbortController()
        lost.addEventListener('abort', () => stop.abort())
        if (lost.aborted) stop.abort()
        await sleep(works, undefined, { signal: stop.signal }).catch(() => {})
        storm.reigns.push({ from, to: performance.now(), token: token! })
      })
      .catch((error: unknown) => {
        const isExpected = isUploadError(error) && error.code === 'unavailable'
        if (!isExpected && !(error instanceof DOMException)) throw error
      })
  }
}

/** Does to the server, and to the ways to it, what can happen to them. */
async function rage(storm: Storm, server: RedisServer): Promise<void> {
  while (performance.now() < storm.end) {
    await sleep(1_000 * random())
    const { cable } = storm
    const fate = random()
    if (fate < 0.6) cable?.hang()
    if (fate < 0.2) {
      server.pause()
      await sleep(2 * leaseTtl * random())
      server.resume()
    } else if (fate < 0.3) {
      await server.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
    } else if (fate > 0.45 && fate < 0.7) {
      await server.kill()
      await server.start()
    }
    await sleep(3 * leaseTtl * random())
    cable?.heal()
  }
}
