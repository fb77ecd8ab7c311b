import type { Locker } from '@tusker/core'
import { memoryLocker } from '@tusker/core'
import type { FileRecords } from '../records/file-records.ts'

/** A locker of one process. The records are read at most once for each of its leases. */
export function holdingLocker(records: FileRecords): Locker {
  const locker = memoryLocker()
  return {
    withLease: (id, request, task) =>
      locker.withLease(id, request, (lease) => records.hold(id, () => task(lease))),
  }
}
