import type { NewUpload, Outcome, UploadInfo } from '../model/upload.ts'

/** What goes with an `append`. */
export interface AppendOptions {
  /**
   * The fencing token of the caller's lease. A store that several processes share refuses, by
   * throwing, every change under a token older than one it has already seen for the upload. Null from
   * a locker whose holders cannot be overtaken.
   */
  readonly token: number | null
  /** Told the offset reached each time bytes have come to count, and at least once a second while they do. */
  readonly onProgress?: (offset: number) => void
}

/**
 * Where bytes go. The engine holds the upload's lease around every call that changes it, checks ids,
 * offsets and limits beforehand, and keeps what a store throws from clients: stores know nothing of
 * HTTP. The refusals a store may word itself are `UploadError`s with the code `damaged`, when what it
 * holds of an upload cannot be trusted, `interrupted`, for a caller that was overtaken, `not_found`, for an
 * upload that went meanwhile, `offset_mismatch`, for one that was not where the caller said, and
 * `unavailable`, when there is no room for now.
 *
 * An optional method is an ability: having it announces the extension behind it. A wrapper forwards
 * exactly the methods the inner store has.
 */
export interface UploadStore {
  /** The absolute path of the directory that holds the uploads and their records, if there is one. */
  readonly directory?: string

  /** Makes an empty upload. Resolves to false, and changes nothing, when the id is taken. */
  create(upload: NewUpload): Promise<boolean>

  /**
   * Resolves to null for an id this store does not hold. The offset it reports is kept by whatever
   * happens afterwards: a process that dies, a failed write, a lost connection.
   */
  find(id: string): Promise<UploadInfo | null>

  /**
   * Writes `bytes` from `offset` on and returns the offset reached, which is what `find` reports
   * from then on. While it runs, what has arrived comes to count within about a second.
   *
   * Throws `UploadError` `offset_mismatch` when the upload is elsewhere: somebody who was just being
   * overtaken may have moved it on since the caller looked.
   *
   * `bytes` ends and never throws: on a lost connection it ends early. Keep what arrived. Bytes that
   * an earlier, interrupted `append` left behind `offset` do not count and are overwritten.
   */
  append(
    id: string,
    offset: number,
    bytes: AsyncIterable<Uint8Array>,
    options: AppendOptions,
  ): Promise<number>

  /** Records how the upload ended. No `append` follows. The bytes stay readable. */
  finish(id: string, outcome: Outcome, token: number | null): Promise<void>

  /**
   * Enables `checksum`: like `append`, but none of the bytes counts until `verify`, called once all
   * are written, resolves to true. Otherwise, also when the process dies before, the offset stays.
   */
  appendVerified?(
    id: string,
    offset: number,
    bytes: AsyncIterable<Uint8Array>,
    verify: () => Promise<boolean>,
    options: AppendOptions,
  ): Promise<number>

  /** Enables `creation-defer-length`. */
  declareLength?(id: string, length: number, token: number | null): Promise<void>

  /** Enables `termination`, and with `list` the sweep behind `expiration`. Quiet when nothing is there. */
  remove?(id: string, token: number | null): Promise<void>

  /** The ids of all uploads, in any order; one that comes or goes meanwhile may be missed. */
  list?(): AsyncIterable<string>

  /** Enables `concatenation`: fills the empty upload `id` with the bytes of `parts`, in order. */
  concatenate?(id: string, parts: readonly string[], token: number | null): Promise<number>

  /** Enables downloads: the bytes from `start` up to, not including, `end`. */
  read?(id: string, start: number, end: number): AsyncIterable<Uint8Array>

  /** The largest upload in bytes this store can hold, when it has a limit of its own. */
  readonly maxLength?: number
}

/** The operations a store may lack. */
export type OptionalOperation =
  | 'appendVerified'
  | 'declareLength'
  | 'remove'
  | 'list'
  | 'concatenate'
  | 'read'

/** A store known to have some of the optional operations. */
export type StoreWith<Operation extends OptionalOperation> = UploadStore &
  Required<Pick<UploadStore, Operation>>

/** Tells whether a store has every one of these operations. */
export function storeCan<Operation extends OptionalOperation>(
  store: UploadStore,
  ...operations: Operation[]
): store is StoreWith<Operation> {
  return operations.every((operation) => typeof store[operation] === 'function')
}
