import type { Concatenation, UploadInfo } from '../model/upload.ts'

/** The origin of an operation: a request, or the server itself, for example in a sweep. */
export interface Caller<Context> {
  /** The value that the adapter passed. Null for the server itself. */
  readonly context: Context | null
  /** Aborts when the client disconnects. Null for the server itself. */
  readonly signal: AbortSignal | null
}

/**
 * When the upload of a request becomes complete.
 *
 * - `at_length`: the request completes the upload if it brings the upload to its length
 * - `with_body`: the request completes the upload once the server has received its whole body
 * - `later`: another request will complete the upload
 */
export type Completion = 'at_length' | 'with_body' | 'later'

/** The body of a request. */
export interface Incoming {
  readonly bytes: AsyncIterable<Uint8Array>
  /** The length in bytes that the client announced; null if it announced none. */
  readonly length: number | null
  /** The most bytes of one request. No limit by default. */
  readonly maxLength?: number | null
  /** The least bytes of one request that does not complete the upload. No limit by default. */
  readonly minLength?: number
  /** Null if the client sent none. */
  readonly checksum: ExpectedChecksum | null
  /** Called with each offset that the store has committed. */
  readonly onProgress?: (offset: number) => void
}

/** A digest and its algorithm. */
export interface Digest {
  readonly algorithm: string
  readonly digest: Uint8Array
}

/** The digest that the bytes of one request must have. */
export interface ExpectedChecksum {
  /** Null if the client sends the algorithm together with the digest in the trailer. */
  readonly algorithm: string | null
  /**
   * False if the client announced no checksum, but may send one after the body. The bytes then count also
   * without a checksum, and as far as they arrived.
   */
  readonly isAnnounced: boolean
  /** Called after the last byte, because the digest may be in the trailer. Null if the client sent none. */
  read(): Promise<Digest | null>
}

/** The upload that a client asks for. */
export interface CreateCommand {
  /** The length in bytes, or null if the client declares it later. */
  readonly length: number | null
  readonly metadata: string
  readonly concatenation: Concatenation | null
  readonly concatenationField: string | null
  /** The first bytes, if the client sends them with the creation. */
  readonly body: Incoming | null
  /** With any value but `at_length`, the upload is complete only when its client says so. */
  readonly completion: Completion
  /**
   * Called once the upload exists and before its body is read. Returns true if the client now knows the
   * URL of the upload. The upload is then kept when its first bytes are refused or cut off.
   */
  readonly announce: ((upload: UploadInfo) => boolean) | null
}

/** The bytes that a client adds to an upload. */
export interface AppendCommand {
  readonly id: string
  /** The offset that the client sent, in bytes. */
  readonly offset: number
  /** The length of the upload in bytes, if this request declares it. */
  readonly length: number | null
  readonly body: Incoming
  readonly completion: Completion
}
