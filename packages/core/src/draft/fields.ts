import { parseInteger } from '../grammar/integer.ts'
import { parseItem } from '../grammar/structured-fields.ts'
import type { HeaderFields, HeaderReader, HttpRequest } from '../model/http.ts'
import type { DraftVersion } from './versions.ts'
import { draftVersion, NEWEST } from './versions.ts'

export const VERSION_FIELD = 'upload-draft-interop-version'

/** The version of the draft by which to read a request. */
export function versionOf({ headers }: Pick<HttpRequest, 'headers'>): DraftVersion {
  return announcedVersion(headers) ?? NEWEST
}

/** The version that the client announced; null if it announced none, or one that is not supported. */
export function announcedVersion(headers: HeaderReader): DraftVersion | null {
  const number = countField(headers, VERSION_FIELD)
  return number === null ? null : draftVersion(number)
}

/**
 * Reads a field whose value is a non-negative Integer. Null if the field is absent or has any other value,
 * because the draft ignores such a field.
 */
export function countField(headers: HeaderReader, name: string): number | null {
  const { value } = parseItem(headers.get(name) ?? '') ?? {}
  return value?.kind === 'integer' && value.value >= 0 ? value.value : null
}

/** Whether the client says that the upload is complete; null if it does not say it. */
export function completeField(headers: HeaderReader, version: DraftVersion): boolean | null {
  const { value } = parseItem(headers.get(version.completeField) ?? '') ?? {}
  if (value?.kind !== 'boolean') return null
  return version.completeField === 'upload-complete' ? value.value : !value.value
}

/** The field that says whether the upload is complete, in the form of the version. */
export function writeComplete(
  isComplete: boolean,
  { completeField: name }: DraftVersion,
): HeaderFields {
  return { [name]: isComplete === (name === 'upload-complete') ? '?1' : '?0' }
}

/** The length of the content as announced, in bytes; null if it is unknown. */
export function contentLength({ headers }: Pick<HttpRequest, 'headers'>): number | null {
  const text = headers.get('content-length')
  if (text !== null) return parseInteger(text.trim())
  return null
}

/** The media type of the content without its parameters, in lower case. */
export function mediaTypeOf(headers: HeaderReader): string {
  const [type = ''] = (headers.get('content-type') ?? '').split(';', 1)
  return type.trim().toLowerCase()
}
