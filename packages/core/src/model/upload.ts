import { UploadError } from './error.ts'
import type { HeaderFields } from './http.ts'

/** How an upload takes part in concatenation (tus 1.0, Upload-Concat). */
export type Concatenation =
  | { readonly kind: 'partial' }
  | { readonly kind: 'final'; readonly parts: readonly string[] }

/** The properties of an upload that are set at its creation. */
export interface NewUpload {
  readonly id: string
  /** Size in bytes, or null until the client declares it. */
  readonly length: number | null
  /** `Upload-Metadata` exactly as received: tus requires it unchanged in HEAD. See `parseMetadata`. */
  readonly metadata: string
  /** The user that created the upload, as `identify` returned it; null if it returned none. */
  readonly owner: string | null
  /** Values that the application stores with the upload. Clients can neither see nor set them. */
  readonly attributes: Readonly<Record<string, string>>
  readonly concatenation: Concatenation | null
  /** `Upload-Concat` exactly as received, for the response to HEAD; null if it was absent. */
  readonly concatenationField: string | null
  /**
   * `explicit` for an upload that is complete only when its client says so, as in the IETF draft. Absent
   * for one that is complete as soon as it reaches its length, as in tus 1.0.
   */
  readonly completion?: 'explicit'
  /** The most bytes of this upload, if `beforeCreate` returned such a limit. Absent without one. */
  readonly maxLength?: number
  readonly createdAt: Date
}

/** The response to the request that completed an upload. The protocol adds its own fields. */
export interface FinalResponse {
  /** A 2xx status. The protocol sets it by default. For an upload of the IETF draft also 3xx or 4xx. */
  readonly status?: number
  readonly headers?: HeaderFields
  readonly body?: string
}

/** The digest of all bytes of an upload. */
export interface UploadDigest {
  /** The name as in `ChecksumProvider`: `sha256`, … */
  readonly algorithm: string
  /** In base64. */
  readonly value: string
}

/** How an upload ended. The store keeps it, so that a client that lost the response gets it again. */
export type Outcome =
  | {
      readonly kind: 'accepted'
      /** Where the result is: a path below the prefix of the host, or an absolute URL; null for none. */
      readonly location: string | null
      readonly response: FinalResponse | null
      /** Absent if the server keeps no digests. */
      readonly digest?: UploadDigest
      /** False if the application has the bytes elsewhere, so the store removes its own. Absent otherwise. */
      readonly keepBytes?: false
    }
  | {
      readonly kind: 'rejected'
      /** The text that the client gets. */
      readonly message: string
    }

/** The state of an upload as the store returns it. */
export interface UploadInfo extends NewUpload {
  /** The committed bytes. Decreases only if a checksum that came after a chunked body was wrong. */
  readonly offset: number
  /** When the upload was created, last grew, or ended. */
  readonly updatedAt: Date
  /** Null until `finish` records it. An upload that has all its bytes may not have its outcome yet. */
  readonly outcome: Outcome | null
}

/**
 * A new upload before its first byte. The order matters on Node 20, where an object costs several
 * microseconds if properties are added behind a spread.
 */
export function emptyUpload(upload: NewUpload): UploadInfo {
  return { offset: 0, updatedAt: upload.createdAt, outcome: null, ...upload }
}

/**
 * True unless the store removes the bytes of an upload with this outcome: of a rejected one, and of one whose
 * application asked for it.
 */
export function keepsBytes(outcome: Outcome | null): boolean {
  if (outcome === null) return true
  return outcome.kind === 'accepted' && outcome.keepBytes !== false
}

/** Throws `UploadError` `bytes_removed` for an upload whose bytes the store has removed. */
export function assertHasBytes({ outcome }: UploadInfo): void {
  if (keepsBytes(outcome)) return
  throw new UploadError('bytes_removed', 'the server no longer has the bytes of this upload')
}

/** True if the length is known and all bytes are there. The upload may not have its outcome yet. */
export function isFull(upload: UploadInfo): boolean {
  return upload.length !== null && upload.offset === upload.length
}

/** True if only the outcome is missing: all bytes are there, and the client need not complete the upload. */
export function lacksOutcome(upload: UploadInfo): boolean {
  return upload.outcome === null && isFull(upload) && upload.completion !== 'explicit'
}

const UPLOAD_ID = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/

/**
 * True for a valid upload id: 1 to 128 letters, digits, `_`, `-` and `.`, but `.` is not the first one.
 * Stores and lockers get only valid ids, so they may use an id as part of a file name or a key.
 */
export function isUploadId(text: string): boolean {
  return UPLOAD_ID.test(text)
}
