import type { Lease, LeaseRequest, Locker } from '@tusker/core'

/** A request for a lease that waits for as long as it takes. */
export const asking = (ask: LeaseRequest['ask']): LeaseRequest => ({
  ask,
  signal: new AbortController().signal,
})

/** Holds a lease until `isAsked` calls back. Resolves once the lease was granted. */
export function holdUntil(
  locker: Locker,
  isAsked: (lease: Lease, release: () => void) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    locker
      .withLease('u1', asking('yield'), (lease) => {
        resolve()
        return new Promise<void>((release) => isAsked(lease, release))
      })
      .catch(reject)
  })
}

/** Milliseconds until a caller of another locker gets the lease of a holder that it asks. */
export async function handOver(
  one: Locker,
  two: Locker,
  ask: LeaseRequest['ask'],
  isAsked: (lease: Lease, release: () => void) => void,
): Promise<number> {
  await holdUntil(one, isAsked)
  const askedAt = performance.now()
  await two.withLease('u1', asking(ask), async () => {})
  return performance.now() - askedAt
}
