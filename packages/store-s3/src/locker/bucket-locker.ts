import type { Locker } from '@tusker/core'
import { eitherLoss, eitherYieldRequest, memoryLocker } from '@tusker/core'
import type { Leasing } from './acquire.ts'
import { acquire } from './acquire.ts'
import { keep } from './keep.ts'

/**
 * Leases in the records of the bucket, for uploads that several processes serve. Callers within one
 * process get the lease in the order in which they asked.
 *
 * @param lookEvery milliseconds between two checks of a holder for requests of other processes
 */
export function bucketLocker(leasing: Leasing, lookEvery: number): Locker {
  const local = memoryLocker()
  return {
    withLease: (id, request, task) =>
      local.withLease(id, request, async (turn) => {
        const grant = await acquire(leasing, id, request, turn.lost)
        const keeper = keep(leasing, grant, lookEvery)
        try {
          return await task({
            token: grant.token,
            yieldRequest: eitherYieldRequest(turn.yieldRequest, keeper.yieldRequest),
            lost: eitherLoss(turn.lost, keeper.lost),
          })
        } finally {
          await keeper.stop()
        }
      }),
  }
}
