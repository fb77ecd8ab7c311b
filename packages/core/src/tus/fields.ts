import type { Incoming } from '../engine/commands.ts'
import type { UploadEngine } from '../engine/engine.ts'
import { limitOf } from '../engine/length-limits.ts'
import { UploadError } from '../model/error.ts'
import { parseInteger } from '../grammar/integer.ts'
import type { HeaderFields, HeaderReader, HttpRequest } from '../model/http.ts'
import type { UploadInfo } from '../model/upload.ts'
import { assertNotCoded } from '../http/content-coding.ts'
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

/** The fields of every response about an upload. A final upload has no offset before its parts are joined. */
export function progressFields(engine: UploadEngine<never>, upload: UploadInfo): HeaderFields {
  return addProgress({}, engine, upload)
}

/** Adds these fields to others. */
export function addProgress(
  fields: Record<string, string>,
  engine: UploadEngine<never>,
  upload: UploadInfo,
): HeaderFields {
  const expiry = engine.expiryOf(upload)
  const isUnjoined = upload.concatenation?.kind === 'final' && upload.outcome === null
  if (!isUnjoined) fields['upload-offset'] = String(upload.offset)
  if (expiry !== null) fields['upload-expires'] = expiry.toUTCString()
  return fields
}

/** The limit of an upload that has one of its own, as long as its length is not declared. */
export function ownLimitField(
  { capabilities }: UploadEngine<never>,
  upload: UploadInfo,
): HeaderFields {
  if (upload.maxLength === undefined || upload.length !== null) return {}
  return { 'tus-max-size': String(limitOf(capabilities, upload)) }
}
