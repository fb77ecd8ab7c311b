import { formatDisposition } from '../grammar/disposition.ts'
import type { MediaType } from '../grammar/media-type.ts'
import { parseMediaType } from '../grammar/media-type.ts'
import type { ByteRange } from '../grammar/range.ts'
import { parseRange } from '../grammar/range.ts'
import type { HeaderFields, HttpRequest, HttpResponse } from '../model/http.ts'
import type { Validators } from './preconditions.ts'
import { failedPrecondition, isRangeCurrent } from './preconditions.ts'

/** A complete resource to serve. */
export interface Downloadable {
  /** In bytes. */
  readonly length: number
  /** A strong entity tag with its quotes. It must change whenever a byte changes. */
  readonly etag: string
  readonly lastModified: Date
  /** The type that the client declared. If it is not a media type, `application/octet-stream` is sent. */
  readonly mediaType: string
  /** The name that the client declared; null for none. Unsafe characters are replaced before it is sent. */
  readonly fileName: string | null
  /** Returns the bytes from `start` up to, not including, `end`. Called at most once, for at least one byte. */
  read(start: number, end: number): AsyncIterable<Uint8Array>
}

/** Types that cannot run scripts in the origin of a page. Browsers must save others, such as SVG or PDF. */
const INERT_TYPES = new Set([
  ...['apng', 'avif', 'bmp', 'gif', 'jpeg', 'png', 'webp', 'x-icon'].map((type) => `image/${type}`),
  ...['aac', 'flac', 'mp4', 'mpeg', 'ogg', 'wav', 'webm', 'x-wav'].map((type) => `audio/${type}`),
  ...['mp4', 'mpeg', 'ogg', 'quicktime', 'webm'].map((type) => `video/${type}`),
  'text/plain',
])

const UNKNOWN_TYPE: MediaType = {
  essence: 'application/octet-stream',
  text: 'application/octet-stream',
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
  const type = parseMediaType(mediaType) ?? UNKNOWN_TYPE
  const isInert = INERT_TYPES.has(type.essence)
  return {
    'content-type': withCharset(type),
    'content-disposition': formatDisposition(isInert ? 'inline' : 'attachment', fileName),
    'x-content-type-options': 'nosniff',
    'content-security-policy': isInert ? ONLY_MEDIA : NOTHING_RUNS,
  }
}

/** Adds UTF-8 to text without a charset, because browsers read such text as windows-1252. */
function withCharset({ essence, text }: MediaType): string {
  return essence.startsWith('text/') && !/;[ \t]*charset=/i.test(text)
    ? `${text}; charset=utf-8`
    : text
}
