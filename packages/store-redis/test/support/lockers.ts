import type { Lease, LeaseRequest, Locker } from '@tusker/core'
import { createClient } from '@redis/client'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import type { LockerClient, RedisLocker } from '../../src/index.ts'
import { redisLocker } from '../../src/index.ts'

/** A request that waits for as long as it takes. */
export const asking = (
  ask: LeaseRequest['ask'],
  signal: AbortSignal = new AbortController().signal,
): LeaseRequest => ({ ask, signal })

/** Waits until a server that was just started grants leases of that time. */
export const oldEnough = (leaseTtl: number): Promise<void> => sleep(leaseTtl + 1_100)

/** A locker as a process of its own would have one. It goes with its test. */
export async function openLocker(
  url: string,
  leaseTtl: number,
  replicas: number = 0,
): Promise<RedisLocker> {
  const client = createClient({ url })
  await client.connect()
  return lockerOver(client, leaseTtl, replicas)
}

export function lockerOver(
  client: LockerClient & { readonly isOpen: boolean; destroy(): void },
  leaseTtl: number,
  replicas: number = 0,
): RedisLocker {
  const locker = redisLocker({ client, leaseTtl, replicas })
  onTestFinished(() => {
    locker.close()
    if (client.isOpen) client.destroy()
  })
  return locker
}

export interface Held {
  readonly lease: Lease
  /** When the lease was granted, and when its holder learned that it ended, by `performance`. */
  readonly grantedAt: number
  readonly endedAt: Promise<number>
  release(): Promise<void>
}

/** Takes a lease and holds it. */
export async function hold(
  locker: Locker,
  id: string,
  ask: LeaseRequest = asking('yield'),
): Promise<Held> {
  let letGo = (): void => {}
  const over = new Promise<void>((resolve) => (letGo = resolve))
  let working: Promise<void> = Promise.resolve()
  const lease = await new Promise<Lease>((resolve, reject) => {
    working = locker.withLease(id, ask, (given) => {
      resolve(given)
      return over
    })
    working.catch(reject)
  })
  const endedAt = new Promise<number>((resolve) =>
    lease.lost.addEventListener('abort', () => resolve(performance.now())),
  )
  return {
    lease,
    endedAt,
    grantedAt: performance.now(),
    async release() {
      letGo()
      await working
    },
  }
}
