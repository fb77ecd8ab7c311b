import type { HeaderFields } from './http.ts'

/**
 * Why an upload operation was refused. The set is closed and the names are stable; what a code means
 * on the wire is up to each protocol.
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
  | 'busy'
  | 'interrupted'
  | 'unauthenticated'
  | 'forbidden'
  | 'rejected'
  | 'rate_limited'
  | 'unavailable'
  | 'internal'

/** Details that go with a refusal. */
export interface UploadErrorOptions extends ErrorOptions {
  /** Set on `offset_mismatch`: the offset in bytes that the upload is really at. */
  readonly actualOffset?: number
  /** Fields to add to the response, for example `www-authenticate` or `retry-after`. */
  readonly headers?: HeaderFields
}

const BRAND = Symbol.for('tusker.UploadError')

/**
 * A refusal that a client may hear about: the message is sent to it, so it names no path and no
 * secret. Anything else that is thrown counts as unexpected and stays on the server.
 */
export class UploadError extends Error {
  override readonly name = 'UploadError'
  readonly code: UploadErrorCode
  readonly actualOffset: number | undefined
  readonly headers: HeaderFields

  constructor(code: UploadErrorCode, message: string, options: UploadErrorOptions = {}) {
    super(message, options)
    this.code = code
    this.actualOffset = options.actualOffset
    this.headers = options.headers ?? {}
    Object.defineProperty(this, BRAND, { value: true })
  }
}

/** Recognises an `UploadError` also when another copy of this package made it. */
export function isUploadError(error: unknown): error is UploadError {
  return typeof error === 'object' && error !== null && BRAND in error
}

/**
 * What a caller hears whose offset is not the upload's.
 *
 * @param actual the offset of the upload in bytes
 * @param given the one that it was said to have, in bytes
 */
export function offsetMismatch(actual: number, given: number): UploadError {
  return new UploadError('offset_mismatch', `the upload is at ${actual}, not ${given}`, {
    actualOffset: actual,
  })
}
