import type { Capabilities } from './capabilities.ts'
import { UploadError } from '../model/error.ts'
import type { Completion } from './commands.ts'
import type { UploadInfo } from '../model/upload.ts'

/** Refuses a length that this server does not allow. */
export function assertAllowedLength(capabilities: Capabilities, length: number | null): void {
  if (length === null && !capabilities.deferLength) {
    throw new UploadError(
      'unsupported_extension',
      'the length must be given when an upload is created',
    )
  }
  if (length !== null && capabilities.maxLength !== null && length > capabilities.maxLength) {
    throw tooLarge(capabilities.maxLength)
  }
}

/** The length of an upload after a request with the length `declared`; null while it is unknown. */
export function lengthWith(
  capabilities: Capabilities,
  upload: UploadInfo,
  declared: number | null,
): number | null {
  if (declared === null) return upload.length
  if (upload.length !== null && upload.length !== declared) {
    throw new UploadError('length_mismatch', `the upload's length is already ${upload.length}`)
  }
  if (declared < upload.offset) {
    throw new UploadError('length_mismatch', `the upload already holds ${upload.offset} bytes`)
  }
  assertAllowedLength(capabilities, declared)
  return declared
}

/** The number of bytes that clients may still append. */
export function roomIn(capabilities: Capabilities, upload: UploadInfo): number {
  const end = upload.length ?? capabilities.maxLength ?? Number.MAX_SAFE_INTEGER
  return end - upload.offset
}

/**
 * The error for bytes that do not fit into the upload. In the IETF draft, where the client completes the
 * upload, content beyond its length contradicts that length. In tus 1.0 the request is too large.
 */
export function overflow(upload: UploadInfo, room: number, completion: Completion): UploadError {
  if (completion === 'at_length' || upload.length === null) return tooLarge(room)
  return new UploadError(
    'length_exceeded',
    `the content goes beyond the length of ${upload.length} bytes`,
  )
}

export function tooLarge(limit: number): UploadError {
  return new UploadError('too_large', `no more than ${limit} bytes are allowed here`)
}
