import type { Concatenation, UploadInfo } from '../model/upload.ts'

/** Who asks. The server itself, as in a sweep, has no context. */
export interface Caller<Context> {
  readonly context: Context | null
  /** Aborts when whoever asks is gone. Null for the server itself. */
  readonly signal: AbortSignal | null
}

/**
 * What a request has to do with the completion of an upload.
 *
 * - `at_length`: the request completes the upload if it brings the upload to its length
 * - `with_body`: the request completes the upload once its body was received as a whole
 * - `later`: another request will complete the upload
 */
export type Completion = 'at_length' | 'with_body' | 'later'

/** Bytes on their way in. */
export interface Incoming {
  readonly bytes: AsyncIterable<Uint8Array>
  /** As announced by the client; null when it did not say. */
  readonly length: number | null
  /** Bytes that one request may bring. No limit by default. */
  readonly maxLength?: number | null
  /** Null when the client sent none. */
  readonly checksum: ExpectedChecksum | null
  /** Called with each offset that the store has committed. */
  readonly onProgress?: (offset: number) => void
}

/** A digest and how it was computed. */
export interface Digest {
  readonly algorithm: string
  readonly digest: Uint8Array
}

/** The digest that the bytes of one request must have. */
export interface ExpectedChecksum {
  /** Null when the client will tell the algorithm together with the digest. */
  readonly algorithm: string | null
  /** Called once the bytes are in: the client may tell it only then. Null if it did not after all. */
  told(): Promise<Digest | null>
}

/** What a client wants to create. */
export interface CreateCommand {
  /** Bytes, or null to declare it later. */
  readonly length: number | null
  readonly metadata: string
  readonly concatenation: Concatenation | null
  readonly concatenationField: string | null
  /** The first bytes, when they come with the creation. */
  readonly body: Incoming | null
  /** Stored with the upload, if it is not `at_length`: such an upload is complete when its client says so. */
  readonly completion: Completion
  /**
   * Called once the upload exists and before its body is read. Returns true if the client now knows the
   * URL of the upload. The upload is then kept when its first bytes are refused or cut off.
   */
  readonly announce: ((upload: UploadInfo) => boolean) | null
}

/** What a client wants to add. */
export interface AppendCommand {
  readonly id: string
  /** Where the client believes the upload to be. */
  readonly offset: number
  /** The length of the upload when it is declared with this request. */
  readonly length: number | null
  readonly body: Incoming
  readonly completion: Completion
}
