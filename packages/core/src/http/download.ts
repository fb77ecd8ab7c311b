import { formatDisposition } from '../grammar/disposition.ts'
import type { ByteRange } from '../grammar/range.ts'
import { parseRange } from '../grammar/range.ts'
import type { HeaderFields, HttpRequest, HttpResponse } from '../model/http.ts'
import type { Validators } from './preconditions.ts'
import { failedPrecondition, isRangeCurrent } from './preconditions.ts'
import { servedType } from './served-type.ts'

/** A complete resource to serve. */
export interface Downloadable {
  /** In bytes. */
  readonly length: number
  /** A strong entity tag with its quotes. It must change whenever a byte changes. */
  readonly etag: string
  readonly lastModified: Date
  /**
   * The type that the client declared. `application/octet-stream` is sent if it is not a media type, and for
   * types that a page could load as a script or another active part of itself.
   */
  readonly mediaType: string
  /** The name that the client declared; null for none. Unsafe characters are replaced before it is sent. */
  readonly fileName: string | null
  /** Returns the bytes from `start` up to, not including, `end`. Called at most once, for at least one byte. */
  read(start: number, end: number): AsyncIterable<Uint8Array>
}

/** If a browser opens the file anyway: no scripts, no forms, an opaque origin, and no loading. */
const NOTHING_RUNS = "sandbox; default-src 'none'"
/** The same, with the permissions that browsers need to show a picture or a video as a page. */
const ONLY_MEDIA = `${NOTHING_RUNS}; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'`

/**
 * Answers GET and HEAD with the bytes of `resource` (RFC 9110), whole or one range, and evaluates the
 * conditions of the client. It sends the whole resource if a request has several ranges, if the resource is
 * empty, or if the method is HEAD.
 *
 * Only private caches may store the response, and they must revalidate it before each use, because the
 * resource and its permissions may change.
 */
export function download(
  request: Pick<HttpRequest, 'method' | 'headers'>,
  resource: Downloadable,
): HttpResponse {
  const validators = { etag: resource.etag, lastModified: sentDate(resource.lastModified) }
  const common = commonFields(validators)
  const failed = failedPrecondition(request.headers, validators)
  if (failed === 304) return { status: 304, headers: common }
  if (failed === 412) return { status: 412, headers: { ...common, 'content-length': '0' } }

  const { length } = resource
  const range = rangeOf(request, length, validators)
  if (range === 'unsatisfiable') {
    const headers = { ...common, 'content-range': `bytes */${length}`, 'content-length': '0' }
    return { status: 416, headers }
  }
  const { start, end } = range ?? { start: 0, end: length }
  const headers = {
    ...common,
    ...representationFields(resource),
    'content-length': String(end - start),
    ...(range && { 'content-range': `bytes ${start}-${end - 1}/${length}` }),
  }
  const status = range === null ? 200 : 206
  if (request.method === 'HEAD') return { status, headers }
  return { status, headers, body: start < end ? resource.read(start, end) : '' }
}

/** An HTTP date has whole seconds and must not be in the future (RFC 9110, section 8.8.2.1). */
function sentDate(date: Date): Date | null {
  const time = Math.min(date.getTime(), Date.now())
  return Number.isNaN(time) ? null : new Date(Math.floor(time / 1_000) * 1_000)
}

function commonFields({ etag, lastModified }: Validators): HeaderFields {
  return {
    etag,
    ...(lastModified && { 'last-modified': lastModified.toUTCString() }),
    // Compression middleware would compress each range by itself, and a client could not join the ranges.
    'cache-control': 'private, no-cache, no-transform',
    'accept-ranges': 'bytes',
    // Pages of other sites cannot embed it. `withCors` allows them to.
    'cross-origin-resource-policy': 'same-site',
  }
}

/** Null for the whole resource. Only GET has ranges (RFC 9110, section 14.2). */
function rangeOf(
  request: Pick<HttpRequest, 'method' | 'headers'>,
  length: number,
  validators: Validators,
): ByteRange | 'unsatisfiable' | null {
  const field = request.headers.get('range')
  if (field === null || request.method !== 'GET' || length === 0) return null
  return isRangeCurrent(request.headers, validators) ? parseRange(field, length) : null
}

function representationFields({ mediaType, fileName }: Downloadable): HeaderFields {
  const { contentType, isInert } = servedType(mediaType)
  return {
    'content-type': contentType,
    'content-disposition': formatDisposition(isInert ? 'inline' : 'attachment', fileName),
    'x-content-type-options': 'nosniff',
    'content-security-policy': isInert ? ONLY_MEDIA : NOTHING_RUNS,
  }
}
