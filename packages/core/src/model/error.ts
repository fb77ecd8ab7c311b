import type { HeaderFields } from './http.ts'

/**
 * The reason why the server refused an operation. There are no other codes, and their names are stable.
 * Each protocol maps them to a status.
 */
export type UploadErrorCode =
  | 'malformed_request'
  | 'unsupported_version'
  | 'unsupported_media_type'
  | 'unsupported_method'
  | 'unsupported_extension'
  | 'unsupported_checksum'
  | 'checksum_mismatch'
  | 'offset_mismatch'
  | 'length_mismatch'
  | 'length_exceeded'
  | 'upload_complete'
  | 'invalid_part'
  | 'final_upload'
  | 'too_large'
  | 'not_found'
  | 'id_taken'
  | 'expired'
  | 'damaged'
  | 'bytes_removed'
  | 'busy'
  | 'interrupted'
  | 'request_timeout'
  | 'unauthenticated'
  | 'forbidden'
  | 'rejected'
  | 'rate_limited'
  | 'unavailable'
  | 'internal'

/** Details of an `UploadError`. */
export interface UploadErrorOptions extends ErrorOptions {
  /** Set with `offset_mismatch`: the offset of the upload in bytes. */
  readonly actualOffset?: number
  /** Set with `too_large`, if the whole upload has a limit: the most bytes of it. */
  readonly maxLength?: number
  /** Set if an append was refused to a caller that may append: when the upload expires. */
  readonly expiresAt?: Date
  /** Fields to add to the response, for example `www-authenticate` or `retry-after`. */
  readonly headers?: HeaderFields
}

const BRAND = Symbol.for('tusker.UploadError')

/**
 * The error of an operation that the server refuses. The client gets the message, so the message must not
 * contain paths or secrets. Any other error is unexpected, and the client gets no details of it.
 */
export class UploadError extends Error {
  override readonly name = 'UploadError'
  readonly code: UploadErrorCode
  readonly actualOffset: number | undefined
  readonly maxLength: number | undefined
  readonly expiresAt: Date | undefined
  readonly headers: HeaderFields

  constructor(code: UploadErrorCode, message: string, options: UploadErrorOptions = {}) {
    super(message, options)
    this.code = code
    this.actualOffset = options.actualOffset
    this.maxLength = options.maxLength
    this.expiresAt = options.expiresAt
    this.headers = options.headers ?? {}
    Object.defineProperty(this, BRAND, { value: true })
  }
}

/** True for an `UploadError`, also for one that another copy of this package created. */
export function isUploadError(error: unknown): error is UploadError {
  return typeof error === 'object' && error !== null && BRAND in error
}

/**
 * The error for a caller that passed another offset than the upload has.
 *
 * @param actual the offset of the upload in bytes
 * @param given the offset that the caller passed, in bytes
 */
export function offsetMismatch(actual: number, given: number): UploadError {
  return new UploadError('offset_mismatch', `the upload is at ${actual}, not ${given}`, {
    actualOffset: actual,
  })
}

/** A copy of an error that says when its upload expires. An error may be thrown for several uploads. */
export function withExpiry(error: UploadError, expiresAt: Date): UploadError {
  const { code, message, actualOffset, maxLength, headers, cause } = error
  return new UploadError(code, message, {
    ...(actualOffset === undefined ? {} : { actualOffset }),
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(cause === undefined ? {} : { cause }),
    headers,
    expiresAt,
  })
}

/** The code of an error of the system, such as `ENOENT`; null for any other value. */
export function systemCodeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error ? String(error.code) : null
}
