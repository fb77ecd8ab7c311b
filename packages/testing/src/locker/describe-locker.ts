import type { Lease, LeaseRequest, Locker } from '@tusker/core'
import { isUploadError } from '@tusker/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { collectGarbage } from '../collect-garbage.ts'
import { timeOf } from '../time-of.ts'

/** A locker for one test. */
export interface OpenedLocker {
  readonly locker: Locker
  /** A locker over the same leases, as another process has it. Absent if only one process can use it. */
  readonly other?: Locker
  /** Milliseconds without a sign of life after which a holder loses its lease. Absent if it never does. */
  readonly leaseTtl?: number
  /** Creates an upload, if a lease needs a stored upload. Called before the lease is used. */
  create?(id: string): Promise<void>
  /** Called after each test. */
  dispose?(): Promise<void>
}

const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

const asking = (ask: LeaseRequest['ask'], signal = new AbortController().signal): LeaseRequest => ({
  ask,
  signal,
})

/** Milliseconds until a condition holds. */
function timeUntil(condition: () => boolean): Promise<number> {
  return timeOf(() => expect.poll(condition, { timeout: 30_000, interval: 10 }).toBe(true))
}

/**
 * The contract of lockers, for callers of one process and, if a locker supports it, of several processes.
 */
export function describeLocker(
  name: string,
  openLocker: () => OpenedLocker | Promise<OpenedLocker>,
): void {
  describe(`locker: ${name}`, () => {
    let opened: OpenedLocker
    beforeEach(async () => {
      opened = await openLocker()
      await opened.create?.('u1')
    })
    afterEach(() => opened.dispose?.())

    /** Holds a lease until `release` is called. */
    async function held(
      locker: Locker,
      id = 'u1',
    ): Promise<{ lease: Lease; release(): Promise<void> }> {
      let letGo = (): void => {}
      const over = new Promise<void>((resolve) => (letGo = resolve))
      let done: Promise<void> = Promise.resolve()
      const lease = await new Promise<Lease>((resolve, reject) => {
        done = locker.withLease(id, asking('yield'), (given) => {
          resolve(given)
          return over
        })
        done.catch(reject)
      })
      const release = async (): Promise<void> => {
        letGo()
        await done
      }
      return { lease, release }
    }

    for (const [how, pick] of [
      ['of one process', () => opened.locker],
      ['of another process', () => opened.other ?? opened.locker],
    ] as const) {
      describe(`a caller ${how}`, () => {
        it(`a caller ${how} never gets a lease that another caller holds`, async () => {
          let holders = 0
          let most = 0
          const work = async (): Promise<void> => {
            most = Math.max(most, ++holders)
            await sleep(2)
            holders -= 1
          }
          const lockers = Array.from({ length: 12 }, (_, index) =>
            index % 2 ? opened.locker : pick(),
          )
          await Promise.all(lockers.map((locker) => locker.withLease('u1', asking('yield'), work)))
          expect(most).toBe(1)
        })

        it(`a caller ${how} that asks for nothing is rejected at once and does not disturb the holder`, async () => {
          const { lease, release } = await held(opened.locker)
          const refused = await pick()
            .withLease('u1', asking('nothing'), () => Promise.resolve())
            .catch((error: unknown) => error)
          expect(isUploadError(refused) && refused.code).toBe('busy')
          await sleep(400)
          expect([lease.yieldRequest.isPending(), lease.lost.aborted]).toEqual([false, false])
          await release()
        })

        it(`a yield request of a caller ${how} reaches the holder in less than a second`, async () => {
          const { lease, release } = await held(opened.locker)
          const next = pick().withLease('u1', asking('yield'), () => Promise.resolve('served'))
          expect(await timeUntil(() => lease.yieldRequest.isPending())).toBeLessThan(1_000)
          expect(lease.lost.aborted).toBe(false)
          await release()
          expect(await next).toBe('served')
        })

        it(`a stop request of a caller ${how} ends the holder's lease in less than a second`, async () => {
          const { lease, release } = await held(opened.locker)
          const next = pick().withLease('u1', asking('stop'), () => Promise.resolve('served'))
          expect(await timeUntil(() => lease.lost.aborted)).toBeLessThan(1_000)
          await release()
          expect(await next).toBe('served')
        })

        it(`a waiting caller ${how} gets the lease soon after its release`, async () => {
          const { release } = await held(opened.locker)
          const next = pick().withLease('u1', asking('yield'), () => Promise.resolve())
          await sleep(100)
          // On a busy machine the release itself takes its time: it is several requests to some stores.
          await release()
          expect(await timeOf(() => next)).toBeLessThan(1_000)
        })

        it(`a caller ${how} that stops waiting does not block the callers behind it`, async () => {
          const { release } = await held(opened.locker)
          const impatient = new AbortController()
          const first = pick().withLease('u1', asking('yield', impatient.signal), () =>
            Promise.resolve(),
          )
          const second = pick().withLease('u1', asking('yield'), () => Promise.resolve('served'))
          setTimeout(() => impatient.abort(new Error('had enough')), 50)
          await expect(first).rejects.toThrow('had enough')
          await release()
          expect(await second).toBe('served')
        })

        it(`a caller ${how} that stops waiting withdraws its yield request`, async () => {
          const { lease, release } = await held(opened.locker)
          const impatient = new AbortController()
          const waiting = pick().withLease('u1', asking('yield', impatient.signal), () =>
            Promise.resolve(),
          )
          await expect.poll(() => lease.yieldRequest.isPending(), { timeout: 5_000 }).toBe(true)
          impatient.abort(new Error('had enough'))
          await expect(waiting).rejects.toThrow('had enough')
          await expect.poll(() => lease.yieldRequest.isPending(), { timeout: 5_000 }).toBe(false)
          await release()
        })

        it(`a waiting caller ${how} does not keep the processor busy`, async () => {
          const { release } = await held(opened.locker)
          const next = pick().withLease('u1', asking('yield'), () => Promise.resolve())
          // By now the caller waits. Its first steps are not measured.
          await sleep(300)
          // Other work may use the processor in one second, but not in each.
          let least = Infinity
          for (let second = 0; second < 5 && least >= 50; second += 1) {
            const before = process.cpuUsage()
            await sleep(1_000)
            const { user, system } = process.cpuUsage(before)
            least = Math.min(least, (user + system) / 1_000)
          }
          await release()
          await next
          expect(least).toBeLessThan(50)
        })
      })
    }

    it('the locker serves the callers of one process in the order of their calls', async () => {
      const { release } = await held(opened.locker)
      const order: number[] = []
      const all = [1, 2, 3, 4].map((number) =>
        opened.locker.withLease('u1', asking('yield'), () => {
          order.push(number)
          return Promise.resolve()
        }),
      )
      await release()
      await Promise.all(all)
      expect(order).toEqual([1, 2, 3, 4])
    })

    it('each lease of an upload has a greater token than the one before, or no lease has a token', async () => {
      const tokens: (number | null)[] = []
      for (let index = 0; index < 20; index += 1) {
        const locker = index % 3 === 2 ? (opened.other ?? opened.locker) : opened.locker
        await locker.withLease('u1', asking('yield'), (lease) => {
          tokens.push(lease.token)
          return Promise.resolve()
        })
      }
      const known = tokens.filter((token) => token !== null)
      expect(known).toHaveLength(known.length > 0 ? tokens.length : 0)
      expect(known.every(Number.isSafeInteger)).toBe(true)
      expect(known).toEqual([...new Set(known)].sort((one, two) => one - two))
    })

    it('a living holder keeps its lease for longer than the lease time', async (test) => {
      const { leaseTtl, locker, other } = opened
      if (leaseTtl === undefined || other === undefined) {
        return test.skip('leases of this locker end only by being released')
      }
      const { lease, release } = await held(locker)
      const before = await other
        .withLease('u1', asking('nothing'), () => Promise.resolve())
        .catch((error: unknown) => error)
      await sleep(2.5 * leaseTtl)
      const after = await other
        .withLease('u1', asking('nothing'), () => Promise.resolve())
        .catch((error: unknown) => error)
      for (const error of [before, after]) expect(isUploadError(error) && error.code).toBe('busy')
      expect([lease.yieldRequest.isPending(), lease.lost.aborted]).toEqual([false, false])
      await release()
      expect(await other.withLease('u1', asking('nothing'), () => Promise.resolve(1))).toBe(1)
    })

    it('the locker releases a lease whose task failed', async () => {
      const failing = opened.locker.withLease('u1', asking('yield'), () =>
        Promise.reject(new Error('no')),
      )
      await expect(failing).rejects.toThrow('no')
      const next = opened.locker.withLease('u1', asking('nothing'), () => Promise.resolve('served'))
      expect(await next).toBe('served')
    })

    it('a caller that has already aborted gets no lease', async () => {
      const gone = AbortSignal.abort(new Error('gone'))
      const ran: string[] = []
      const refused = opened.locker.withLease('u1', asking('yield', gone), () => {
        ran.push('ran')
        return Promise.resolve()
      })
      await expect(refused).rejects.toThrow('gone')
      expect(ran).toEqual([])
    })

    it('leases of different uploads do not affect each other', async () => {
      await opened.create?.('u2')
      const { release } = await held(opened.locker, 'u1')
      const other = opened.locker.withLease('u2', asking('nothing'), () =>
        Promise.resolve('served'),
      )
      expect(await other).toBe('served')
      await release()
    })

    it('a locker keeps no memory of leases that are released', async () => {
      for (let index = 0; index < 50; index += 1) {
        await opened.create?.(`w${index}`)
        await opened.locker.withLease(`w${index}`, asking('yield'), () => Promise.resolve())
      }
      collectGarbage()
      const before = process.memoryUsage().heapUsed
      for (let index = 0; index < 200; index += 1) {
        await opened.create?.(`v${index}`)
        await opened.locker.withLease(`v${index}`, asking('yield'), () => Promise.resolve())
      }
      collectGarbage()
      expect(process.memoryUsage().heapUsed - before).toBeLessThan(6 * 2 ** 20)
    })
  })
}
