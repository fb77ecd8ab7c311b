import type { Incoming } from '../engine/commands.ts'
import type { UploadEngine } from '../engine/engine.ts'
import { limitOf } from '../engine/length-limits.ts'
import { UploadError } from '../model/error.ts'
import { parseInteger } from '../grammar/integer.ts'
import type { HeaderFields, HeaderReader, HttpRequest } from '../model/http.ts'
import type { UploadInfo } from '../model/upload.ts'
import { assertNotCoded } from '../http/content-coding.ts'
import { outcomeFields } from '../http/outcome-fields.ts'
import type { Target } from '../protocol/protocol.ts'
import { expectedChecksum } from './checksum-fields.ts'

export const VERSION = '1.0.0'

/** The media type of upload bytes (tus 1.0, PATCH). */
const BYTES = 'application/offset+octet-stream'

/** Reads a field that must be a number of bytes; null if it is absent. */
export function integerField(headers: HeaderReader, name: string): number | null {
  const text = headers.get(name)
  if (text === null) return null
  const value = parseInteger(text.trim())
  if (value === null) {
    throw new UploadError('malformed_request', `${name} must be one whole number of bytes`)
  }
  return value
}

/** Reads `Upload-Defer-Length`, whose only value is 1. */
export function deferLengthField(headers: HeaderReader): boolean {
  const text = headers.get('upload-defer-length')
  if (text === null) return false
  if (text.trim() !== '1')
    throw new UploadError('malformed_request', 'upload-defer-length must be 1')
  return true
}

/** Refuses a body with another content type than upload bytes, and a compressed body. */
export function assertBytes(headers: HeaderReader): void {
  if (!isBytes(headers)) {
    throw new UploadError('unsupported_media_type', `content-type must be ${BYTES}`)
  }
  assertNotCoded(headers)
}

/** True if the content type is that of upload bytes. Case does not matter. */
export function isBytes(headers: HeaderReader): boolean {
  const [type = ''] = (headers.get('content-type') ?? '').split(';', 1)
  return type.trim().toLowerCase() === BYTES
}

/** True if the request has a body, or may have one. */
export function announcesBody(headers: HeaderReader): boolean {
  const length = integerField(headers, 'content-length')
  return length === null ? headers.get('transfer-encoding') !== null : length > 0
}

/** True if the client announced the length of the body. */
export function announcesLength(headers: HeaderReader): boolean {
  return integerField(headers, 'content-length') !== null
}

/** The body of a request, with its length and checksum as the client sent them. */
export function incoming(request: HttpRequest): Incoming {
  return {
    bytes: request.body,
    length: integerField(request.headers, 'content-length'),
    checksum: expectedChecksum(request),
  }
}

/**
 * Adds the fields of every response about an upload. A final upload has no offset before its parts are joined.
 *
 * These functions set one field after the other, because spreads of objects were most of the time of a HEAD.
 */
export function addProgress(
  fields: Record<string, string>,
  engine: UploadEngine<never>,
  upload: UploadInfo,
): HeaderFields {
  const expiry = engine.expiryOf(upload)
  const isUnjoined = upload.concatenation?.kind === 'final' && upload.outcome === null
  fields['tus-resumable'] = VERSION
  if (!isUnjoined) fields['upload-offset'] = String(upload.offset)
  if (expiry !== null) fields['upload-expires'] = expiry.toUTCString()
  return fields
}

/** Adds the state of an upload: its limit and outcome too, if it has them. */
export function addState(
  fields: Record<string, string>,
  engine: UploadEngine<never>,
  target: Target,
  upload: UploadInfo,
): HeaderFields {
  // A limit of its own is of no use once the length is declared.
  if (upload.maxLength !== undefined && upload.length === null) {
    fields['tus-max-size'] = String(limitOf(engine.capabilities, upload))
  }
  if (upload.outcome !== null) Object.assign(fields, outcomeFields(target, upload))
  return addProgress(fields, engine, upload)
}
