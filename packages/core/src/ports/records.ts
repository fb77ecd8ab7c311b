import type { NewUpload, UploadInfo } from '../model/upload.ts'

/** The state of an upload without its bytes. */
export interface UploadRecord {
  readonly upload: UploadInfo
  /** The highest fencing token under which a holder changed the record; 0 before the first change. */
  readonly token: number
  /** Names the process that may be writing bytes, in a format of the store; null when there is none. */
  readonly writer: string | null
  /**
   * Names the bytes of the upload, in a format of the store: letters, digits, `-` and `_`. Null until the
   * store joins the bytes from parts, or moves them away from a stale holder.
   */
  readonly data: string | null
}

/** The fields of an upload that may change after its creation. */
export type RecordChange = Partial<
  Pick<UploadInfo, 'offset' | 'length' | 'updatedAt' | 'outcome'> &
    Pick<UploadRecord, 'writer' | 'data'>
> & {
  /** True if the offset may decrease: `revert` takes bytes back. */
  readonly reverts?: true
}

/** The fields of the record of an upload that is created with all its bytes. */
export type WholeRecord = Pick<UploadInfo, 'offset' | 'updatedAt' | 'outcome'> &
  Pick<UploadRecord, 'data'>

/**
 * Keeps the records of uploads for a store that keeps only bytes. All processes then read the offset, the
 * owner, the outcome and the last token from the same place.
 */
export interface UploadRecords {
  /** The start of every key of the records, if they are kept under keys, as in Redis. */
  readonly keyPrefix?: string

  /** Creates a record. Resolves to false, and changes nothing, when the id is taken. */
  create(upload: NewUpload): Promise<boolean>

  /**
   * Like `create`, but the record has these fields from the beginning, in one step. A store over records
   * without this method creates whole uploads in several steps.
   */
  createWith?(upload: NewUpload, fields: WholeRecord): Promise<boolean>

  /**
   * Resolves to null when there is no record.
   *
   * Throws `UploadError` `damaged` when the record cannot be read.
   */
  find(id: string): Promise<UploadRecord | null>

  /**
   * Changes a record atomically and stores the token. Fields that `change` does not name keep their values,
   * and the offset decreases only with `reverts`. The token is null if leases end only when they are released.
   *
   * Throws `UploadError` `interrupted`, and changes nothing, when the record has a later token. Throws
   * `not_found` when there is no record.
   */
  change(id: string, token: number | null, change: RecordChange): Promise<void>

  /**
   * Removes a record, also a damaged one. Does nothing when there is none.
   *
   * Throws `UploadError` `interrupted` when the record has a later token.
   */
  remove(id: string, token: number | null): Promise<void>

  /** The ids of all records, in any order. It may miss records that are created or removed meanwhile. */
  list(): AsyncIterable<string>
}
