import type { Bucket } from './client/port.ts'
import type { Keys } from './keys.ts'
import type { Memory } from './parts/memory.ts'
import type { PartPlan } from './parts/plan.ts'
import type { BucketRecords } from './records/bucket-records.ts'
import type { Sealing } from './seal/seal.ts'

/** What the operations of the store share. */
export interface Context {
  readonly bucket: Bucket
  readonly records: BucketRecords
  readonly keys: Keys
  readonly plan: PartPlan
  /** For the parts of all uploads of the process. */
  readonly memory: Memory
  /** Parts of one upload that are sent at a time. */
  readonly partsInFlight: number
  /** Milliseconds after which bytes that came are committed. */
  readonly commitEvery: number
  /** Resolves to false where the bucket ignores conditions: then this process is the only one. */
  readonly isConditional: () => Promise<boolean>
  readonly sealing: Sealing
  /** Uploads of which a part may still be on its way to the storage. */
  readonly unsettled: Set<string>
}
