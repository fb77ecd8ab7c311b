import { parseEntityTags, sameTagStrongly, sameTagWeakly } from '../grammar/entity-tag.ts'
import { parseHttpDate } from '../grammar/http-date.ts'
import type { HeaderReader } from '../model/http.ts'

/** Identifies one version of a resource. */
export interface Validators {
  /** Strong, with its quotes. */
  readonly etag: string
  /** In whole seconds, as sent in `Last-Modified`; null if it is not sent. */
  readonly lastModified: Date | null
}

/**
 * Evaluates the conditions of a GET or HEAD in the order of RFC 9110, section 13.2.2. Returns the status to
 * answer with, or null to serve the resource. A malformed list of tags matches nothing, and a malformed date
 * is ignored.
 */
export function failedPrecondition(
  headers: HeaderReader,
  validators: Validators,
): 304 | 412 | null {
  const ifMatch = headers.get('if-match')
  if (ifMatch !== null) {
    if (!hasTag(ifMatch, validators.etag, sameTagStrongly)) return 412
  } else if (isModifiedSince(headers.get('if-unmodified-since'), validators) === true) {
    return 412
  }

  const ifNoneMatch = headers.get('if-none-match')
  if (ifNoneMatch !== null) return hasTag(ifNoneMatch, validators.etag, sameTagWeakly) ? 304 : null
  return isModifiedSince(headers.get('if-modified-since'), validators) === false ? 304 : null
}

/** True if the server may send a range: the part that the client has is of the same version (`If-Range`). */
export function isRangeCurrent(headers: HeaderReader, { etag, lastModified }: Validators): boolean {
  const ifRange = headers.get('if-range')
  if (ifRange === null) return true
  const date = parseHttpDate(ifRange.trim())
  if (date === null) return sameTagStrongly(ifRange.trim(), etag)
  return date.getTime() === lastModified?.getTime()
}

function hasTag(
  field: string,
  etag: string,
  same: (one: string, other: string) => boolean,
): boolean {
  const tags = parseEntityTags(field)
  return tags === '*' || (tags ?? []).some((tag) => same(tag, etag))
}

/** Null if one of the dates is missing or malformed. */
function isModifiedSince(field: string | null, { lastModified }: Validators): boolean | null {
  const since = field === null ? null : parseHttpDate(field.trim())
  if (since === null || lastModified === null) return null
  return lastModified.getTime() > since.getTime()
}
