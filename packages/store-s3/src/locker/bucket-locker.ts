import type { Locker } from '@tusker/core'
import { eitherYieldRequest, memoryLocker } from '@tusker/core'
import type { Leasing } from './acquire.ts'
import { acquire } from './acquire.ts'
import { keep } from './keep.ts'

/**
 * Leases for uploads that several processes serve, in the records of the bucket. Within a process callers
 * are served in their order.
 *
 * @param lookEvery milliseconds between two looks of a holder for what others ask of it
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
            lost: AbortSignal.any([turn.lost, keeper.lost]),
          })
        } finally {
          await keeper.stop()
        }
      }),
  }
}
