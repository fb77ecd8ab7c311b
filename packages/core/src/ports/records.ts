import type { NewUpload, UploadInfo } from '../model/upload.ts'

/** All that is known of an upload but its bytes. */
export interface UploadRecord {
  readonly upload: UploadInfo
  /** The highest fencing token under which it was changed; 0 before the first. */
  readonly token: number
  /** Who may be writing bytes, in the store's words; null when nobody is. */
  readonly writer: string | null
  /**
   * Which bytes are the upload's, in the store's words: letters, digits, `-` and `_`. Null until a store
   * joined them from parts, or moved them away from a writer that was overtaken.
   */
  readonly data: string | null
}

/** What may change of an upload once it exists. */
export type RecordChange = Partial<
  Pick<UploadInfo, 'offset' | 'length' | 'updatedAt' | 'outcome'> &
    Pick<UploadRecord, 'writer' | 'data'>
>

/**
 * Where a store keeps what it knows of uploads, when that is not where the bytes are: the offset, the
 * owner, the outcome and the last token are then facts with one owner, whoever holds the bytes.
 */
export interface UploadRecords {
  /** Makes a record. Resolves to false, and changes nothing, when the id is taken. */
  create(upload: NewUpload): Promise<boolean>

  /**
   * Resolves to null when there is no record.
   *
   * Throws `UploadError` `damaged` when there is one that cannot be trusted.
   */
  find(id: string): Promise<UploadRecord | null>

  /**
   * Changes a record, in one step, and notes the token. What is not named stays, and an offset only
   * grows. A null token is that of somebody who cannot be overtaken.
   *
   * Throws `UploadError` `interrupted`, having changed nothing, when a later token was noted, and
   * `not_found` when there is no record.
   */
  change(id: string, token: number | null, change: RecordChange): Promise<void>

  /**
   * Removes a record, also a damaged one. Quiet when there is none.
   *
   * Throws `UploadError` `interrupted` when a later token was noted.
   */
  remove(id: string, token: number | null): Promise<void>

  /** The ids of all records, in any order; one that comes or goes meanwhile may be missed. */
  list(): AsyncIterable<string>
}
