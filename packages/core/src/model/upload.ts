import type { HeaderFields } from './http.ts'

/** How an upload takes part in concatenation (tus 1.0, Upload-Concat). */
export type Concatenation =
  | { readonly kind: 'partial' }
  | { readonly kind: 'final'; readonly parts: readonly string[] }

/** Facts fixed when an upload is created. */
export interface NewUpload {
  readonly id: string
  /** Size in bytes, or null until the client declares it. */
  readonly length: number | null
  /** `Upload-Metadata` exactly as received; tus wants it echoed verbatim. See `parseMetadata`. */
  readonly metadata: string
  /** Whoever created it, as `identify` named them; null when nobody was named. */
  readonly owner: string | null
  /** What the application noted about this upload. Clients neither see nor set it. */
  readonly attributes: Readonly<Record<string, string>>
  readonly concatenation: Concatenation | null
  /** `Upload-Concat` exactly as received, to be echoed; null when it was absent. */
  readonly concatenationField: string | null
  /**
   * `explicit` for an upload that is complete only when its client says so, as in the IETF draft. Absent
   * for one that is complete as soon as it reaches its length, as in tus 1.0.
   */
  readonly completion?: 'explicit'
  readonly createdAt: Date
}

/** What the host answers to the request that completed an upload, besides the protocol's own fields. */
export interface FinalResponse {
  /** A 2xx status; the protocol's own by default. An upload of the IETF draft also takes 3xx and 4xx. */
  readonly status?: number
  readonly headers?: HeaderFields
  readonly body?: string
}

/** A digest of all the bytes of an upload. */
export interface UploadDigest {
  /** Named as in `ChecksumProvider`: `sha256`, … */
  readonly algorithm: string
  /** In base64. */
  readonly value: string
}

/** How an upload ended. Stored with it, so that a client that lost the answer gets it again. */
export type Outcome =
  | {
      readonly kind: 'accepted'
      /** Where the result is: a path below the host's prefix, or an absolute URL. Null if nowhere else. */
      readonly location: string | null
      readonly response: FinalResponse | null
      /** Absent when no digest is kept. */
      readonly digest?: UploadDigest
    }
  | {
      readonly kind: 'rejected'
      /** Told to the client. */
      readonly message: string
    }

/** An upload as the store knows it. */
export interface UploadInfo extends NewUpload {
  /** Bytes held and accounted for. Never decreases. */
  readonly offset: number
  /** When the upload last changed: it was created, grew, or ended. */
  readonly updatedAt: Date
  /** Null until `finish`. Reaching `length` is not enough by itself. */
  readonly outcome: Outcome | null
}

/** True when every byte of a known length is there. The upload may still lack its outcome. */
export function isFull(upload: UploadInfo): boolean {
  return upload.length !== null && upload.offset === upload.length
}

/** True when only the outcome is missing: reaching its length was all that the upload needed. */
export function lacksOutcome(upload: UploadInfo): boolean {
  return upload.outcome === null && isFull(upload) && upload.completion !== 'explicit'
}

const UPLOAD_ID = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/

/**
 * True for text that may name an upload: 1 to 128 letters, digits, `_`, `-` and, not in front, `.`.
 * Nothing else reaches a store or a locker, so they may use an id as part of a file name or a key.
 */
export function isUploadId(text: string): boolean {
  return UPLOAD_ID.test(text)
}
