import { parseEntityTags, sameTagStrongly, sameTagWeakly } from '../grammar/entity-tag.ts'
import { parseHttpDate } from '../grammar/http-date.ts'
import type { HeaderReader } from '../model/http.ts'

/** What tells one version of something from another. */
export interface Validators {
  /** Strong, with its quotes. */
  readonly etag: string
  /** To the second, as sent in `Last-Modified`; null when it is not sent. */
  readonly lastModified: Date | null
}

/**
 * Evaluates the conditions of a GET or HEAD in the order of RFC 9110, section 13.2.2, and returns the
 * status to answer with instead, or null to go on. An unreadable list of tags matches nothing, an
 * unreadable date is no condition.
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

/** Tells whether a range may be served: the part a client has is of this very version (`If-Range`). */
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

/** Null when there is nothing to compare. */
function isModifiedSince(field: string | null, { lastModified }: Validators): boolean | null {
  const since = field === null ? null : parseHttpDate(field.trim())
  if (since === null || lastModified === null) return null
  return lastModified.getTime() > since.getTime()
}
