import type { Bucket, Payload } from './client/port.ts'
import type { Keys } from './keys.ts'
import type { Memory } from './parts/memory.ts'
import type { PartPlan } from './parts/plan.ts'
import type { VersionedRecords } from './records/versioned-records.ts'
import type { S3Record, Sealed } from './records/record.ts'

/** The context that the operations of the store share. */
export interface Context {
  readonly bucket: Bucket
  readonly records: VersionedRecords
  readonly keys: Keys
  readonly plan: PartPlan
  /** For the parts of all uploads of the process. */
  readonly memory: Memory
  /** Parts of one upload that are sent at a time. */
  readonly partsInFlight: number
  /** Milliseconds after which received bytes are committed. */
  readonly commitEvery: number
  /** Resolves to false where the bucket ignores conditions. */
  readonly isConditional: () => Promise<boolean>
  /**
   * Resolves to true if a finished object may be written before the record names its bytes. Otherwise a
   * stale holder could replace the object of a later holder: processes share a bucket that ignores conditions.
   */
  readonly mayPutFirst: () => Promise<boolean>
  readonly sealing: Sealing
  /**
   * When the last bytes of an upload arrived, by `performance`; `Infinity` while those that arrived are stored.
   * Without an entry, no append runs here.
   */
  readonly receivedAt: Map<string, number>
  /** Uploads whose parts may still be on their way to the storage. */
  readonly unsettled: Set<string>
}

/** Puts all bytes of a full upload into its finished object. */
export interface Sealing {
  /** Puts the object in one request. Throws `UploadError` `interrupted` for a stale holder. */
  put(record: S3Record, token: number | null, payload: Payload): Promise<Sealed>
  /**
   * Does the remaining steps, and returns the object. May be repeated at any point.
   *
   * Throws `UploadError` `damaged` when the object does not match the record.
   */
  ensure(record: S3Record, token: number | null): Promise<Sealed>
  /** Makes parts of the pieces of an upload where they have grown longer than a part. */
  settleTail(record: S3Record, token: number | null): Promise<S3Record>
}
