import type { Capabilities } from './capabilities.ts'
import { UploadError } from '../model/error.ts'
import type { Completion } from './commands.ts'
import type { NewUpload, UploadInfo } from '../model/upload.ts'

/** The most bytes of an upload: the lower limit of those of the server and of the upload; null without one. */
export function limitOf(
  { maxLength }: Pick<Capabilities, 'maxLength'>,
  upload: Pick<NewUpload, 'maxLength'> | null,
): number | null {
  const own = upload?.maxLength
  if (own === undefined) return maxLength
  return maxLength === null ? own : Math.min(own, maxLength)
}

/** Refuses a length that this server does not allow, for any upload or for one with a limit of its own. */
export function assertAllowedLength(
  capabilities: Capabilities,
  length: number | null,
  upload: Pick<NewUpload, 'maxLength'> | null = null,
): void {
  if (length === null && !capabilities.deferLength) {
    throw new UploadError(
      'unsupported_extension',
      'the length must be given when an upload is created',
    )
  }
  const limit = limitOf(capabilities, upload)
  if (length !== null && limit !== null && length > limit) throw beyondLimit(limit)
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
  assertAllowedLength(capabilities, declared, upload)
  return declared
}

/** The number of bytes that clients may still append. */
export function roomIn(capabilities: Capabilities, upload: UploadInfo): number {
  const end = upload.length ?? limitOf(capabilities, upload) ?? Number.MAX_SAFE_INTEGER
  return end - upload.offset
}

/**
 * The error for bytes that do not fit into the upload. In the IETF draft, where the client completes the
 * upload, content beyond its length contradicts that length. In tus 1.0 the request is too large.
 */
export function overflow(upload: UploadInfo, room: number, completion: Completion): UploadError {
  if (upload.length === null) return beyondLimit(upload.offset + room)
  if (completion === 'at_length') return tooLarge(room)
  return new UploadError(
    'length_exceeded',
    `the content goes beyond the length of ${upload.length} bytes`,
  )
}

/** The error for an upload that is, or would become, longer than its limit. */
export function beyondLimit(maxLength: number): UploadError {
  const message = `no more than ${maxLength} bytes are allowed here`
  return new UploadError('too_large', message, { maxLength })
}

export function tooLarge(limit: number): UploadError {
  return new UploadError('too_large', `no more than ${limit} bytes are allowed here`)
}

/** The error for content that is too short for a request that does not complete the upload. */
export function tooShort(limit: number): UploadError {
  return new UploadError(
    'malformed_request',
    `a request that does not complete the upload must have at least ${limit} bytes`,
  )
}
