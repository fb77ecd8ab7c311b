import type { NewUpload, Outcome, UploadInfo } from '../model/upload.ts'
import type { Lease, Locker } from './locker.ts'

/** The options of a `create`. */
export interface CreateOptions {
  /**
   * The locker that the caller asks for the lease of the upload as soon as it is created; null if it needs none. A store
   * whose records hold the leases of this locker may write both in one step. Others ignore it.
   */
  readonly leasedBy: Locker | null
}

/** The options of a `find`. */
export interface FindOptions {
  /**
   * The lease of the caller. A store that makes all changes under this lease itself need not read the upload again.
   * Absent if the caller has no lease.
   */
  readonly lease?: Lease
}

/** The options of an `append`. */
export interface AppendOptions {
  /**
   * The fencing token of the caller's lease. A store that several processes share throws on every change
   * with a token that is lower than one it has seen for the upload. Null from a locker whose leases end only
   * when they are released.
   */
  readonly token: number | null
  /**
   * The outcome of the upload if this append reaches its length. A store may record it in the same step as the
   * last byte. The engine calls `finish` all the same, which then has nothing to do. Null or absent if the outcome
   * is not known yet. A wrapper with work of its own in `finish` must not pass this on: if its work fails, it would
   * not be repeated.
   */
  readonly outcome?: Outcome | null
  /** Called with the committed offset after each commit, at least once a second while bytes arrive. */
  readonly onProgress?: (offset: number) => void
}

/** All the bytes of an upload, for a store that creates it in one step. */
export interface WholeContent {
  /** In order. Their total length is the length of the upload. At most 64 KiB. */
  readonly chunks: readonly Uint8Array[]
  /** How the upload ended; null if that is decided after its creation. */
  readonly outcome: Outcome | null
}

/** The options of an `appendVerified`. */
export interface VerifiedAppendOptions extends AppendOptions {
  /** Called once after the last byte. The bytes are committed only if it resolves to true. */
  readonly verify: () => Promise<boolean>
}

/**
 * Keeps the bytes and the records of uploads. The engine holds the lease of an upload during every call that
 * changes it. It checks ids, offsets and limits before the call. A store does not depend on HTTP: the engine
 * hides its errors from clients, except an `UploadError` with one of these codes:
 *
 * - `damaged`: the data of the upload cannot be read, or contradict each other
 * - `interrupted`: the caller is a stale holder
 * - `not_found`: the upload was removed meanwhile
 * - `offset_mismatch`: the upload has another offset than the caller passed
 * - `unavailable`: the store has no space at the moment
 *
 * A store that has an optional method supports the extension that needs it, and the server announces that
 * extension. A wrapper must have exactly the methods of the store that it wraps.
 */
export interface UploadStore {
  /** The absolute path of the directory that holds the uploads and their records, if there is one. */
  readonly directory?: string
  /** The start of every key of the uploads, if the store keeps them under keys, as in Redis. */
  readonly keyPrefix?: string
  /**
   * The locker of an upload server whose application names none. A store has one if it saves work under the leases
   * of its own locker. Without it, the server makes a `memoryLocker`.
   */
  readonly defaultLocker?: Locker

  /** Creates an empty upload. Resolves to false, and changes nothing, when the id is taken. */
  create(upload: NewUpload, options?: CreateOptions): Promise<boolean>

  /**
   * Creates an upload with all its bytes, and its outcome if it has one, in one step: after a crash the upload
   * does not exist, or has all of them. Resolves to false, and changes nothing, when the id is taken. No lease
   * is held. It saves time for small uploads only. Without it the engine calls `create`, `append` and `finish`,
   * so a wrapper that changes bytes must change these as well, or lack this method.
   */
  createWhole?(upload: NewUpload, content: WholeContent): Promise<boolean>

  /**
   * Resolves to null if there is no upload with this id. The offset that it returns is committed: a crash of
   * the process, a failed write or a lost connection never decreases it.
   */
  find(id: string, options?: FindOptions): Promise<UploadInfo | null>

  /**
   * Writes `bytes` from `offset` on and returns the offset that it reached. `find` returns this offset from
   * then on. While `append` runs, it commits the bytes that have arrived within about a second.
   *
   * Throws `UploadError` `offset_mismatch` when the upload has another offset: a stale holder may have
   * appended bytes after the caller read the offset.
   *
   * `bytes` never throws. It ends early if the connection is lost, and `append` commits what arrived. An
   * earlier `append` that was interrupted may have left bytes after `offset`. They are not committed, so
   * overwrite them.
   */
  append(
    id: string,
    offset: number,
    bytes: AsyncIterable<Uint8Array>,
    options: AppendOptions,
  ): Promise<number>

  /**
   * Records how the upload ended, unless the `append` before has done so. No `append` follows. The bytes stay readable, unless `keepsBytes(outcome)`
   * is false. Then the store removes them after the outcome is recorded, `find` keeps reporting the same
   * offset, and `read` throws `UploadError` `bytes_removed`. A crash in between must not keep them for ever.
   */
  finish(id: string, outcome: Outcome, token: number | null): Promise<void>

  /**
   * Enables `checksum`. Like `append`, but it writes all bytes, then calls `verify`, and commits the bytes
   * only if `verify` resolves to true. Otherwise, and after a crash, the offset stays as it was.
   */
  appendVerified?(
    id: string,
    offset: number,
    bytes: AsyncIterable<Uint8Array>,
    options: VerifiedAppendOptions,
  ): Promise<number>

  /**
   * Takes back the bytes behind `offset` that the holder of this lease has just committed: a checksum that
   * came after them was wrong. `find` returns `offset` from then on. No other operation decreases an offset.
   * With a store that lacks this, only checksums that were announced are compared.
   */
  revert?(id: string, offset: number, token: number | null): Promise<void>

  /** Enables `creation-defer-length`. */
  declareLength?(id: string, length: number, token: number | null): Promise<void>

  /** Enables `termination`, and with `list` also `expiration`. Does nothing if there is no upload. */
  remove?(id: string, token: number | null): Promise<void>

  /** The ids of all uploads, in any order. It may miss uploads that are created or removed meanwhile. */
  list?(): AsyncIterable<string>

  /** Enables `concatenation`: fills the empty upload `id` with the bytes of `parts`, in order. */
  concatenate?(id: string, parts: readonly string[], token: number | null): Promise<number>

  /** Enables downloads. Returns the bytes from `start` up to, but not including, `end`. */
  read?(id: string, start: number, end: number): AsyncIterable<Uint8Array>

  /**
   * Returns a URL from which a client downloads a completed upload itself, and null if the server must send
   * the bytes. The response there must have these fields. Called for GET in place of `read`.
   */
  downloadUrl?(id: string, fields: DownloadFields): Promise<string | null>

  /** The largest size of an upload in bytes, if the store has a limit of its own. */
  readonly maxLength?: number
}

/** The header fields of a download. They keep a browser from running scripts of the file. */
export interface DownloadFields {
  readonly 'content-type': string
  readonly 'content-disposition': string
}

/** The operations that a store may support or not. */
export type OptionalOperation =
  | 'appendVerified'
  | 'declareLength'
  | 'remove'
  | 'list'
  | 'concatenate'
  | 'read'

/** A store that supports some of the optional operations. */
export type StoreWith<Operation extends OptionalOperation> = UploadStore &
  Required<Pick<UploadStore, Operation>>

/** Returns true if a store supports all of these operations. */
export function storeCan<Operation extends OptionalOperation>(
  store: UploadStore,
  ...operations: Operation[]
): store is StoreWith<Operation> {
  return operations.every((operation) => typeof store[operation] === 'function')
}
