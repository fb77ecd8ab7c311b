import type { HttpRequest, HttpResponse, RequestHandler } from '@tusker/core'
import { assertMethod, refusing } from '../http/refusing.ts'
import type { PageFile, PageFiles } from './page-files.ts'

/** Serves the built page. If it has not been built, serves a page that explains how to build it. */
export function pageHandler(files: PageFiles | null): RequestHandler {
  const known: PageFiles = files ?? new Map([['/index.html', UNBUILT]])

  return {
    matches: (path) => known.has(fileAt(path)),
    handle: refusing((request) => {
      assertMethod(request, 'GET', 'HEAD')
      const path = fileAt(request.path)
      return served(request, path, known.get(path) ?? UNBUILT)
    }),
  }
}

function fileAt(path: string): string {
  return path === '/' ? '/index.html' : path
}

function served(request: HttpRequest, path: string, file: PageFile): HttpResponse {
  const gzipped = acceptsGzip(request) ? file.gzipped : null
  const body = gzipped ?? file.body
  const etag = `"${file.tag}${gzipped === null ? '' : '-gzip'}"`
  const headers = {
    ...SECURITY,
    etag,
    'cache-control': path.startsWith('/assets/')
      ? 'public, max-age=31536000, immutable'
      : 'no-cache',
    ...(file.gzipped === null ? {} : { vary: 'Accept-Encoding' }),
  }
  if (isKnown(request, etag)) return { status: 304, headers }
  const fields = {
    ...headers,
    'content-type': file.mediaType,
    'content-length': String(body.byteLength),
    ...(gzipped === null ? {} : { 'content-encoding': 'gzip' }),
  }
  return request.method === 'HEAD'
    ? { status: 200, headers: fields }
    : { status: 200, headers: fields, body: once(body) }
}

const POLICY = [
  "default-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "font-src 'self' data:",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
]

const SECURITY = {
  'content-security-policy': POLICY.join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
}

function isKnown({ headers }: HttpRequest, etag: string): boolean {
  const tags = (headers.get('if-none-match') ?? '').split(',').map((tag) => tag.trim())
  return tags.some((tag) => tag === '*' || tag.replace(/^W\//, '') === etag)
}

function acceptsGzip({ headers }: HttpRequest): boolean {
  const codings = (headers.get('accept-encoding') ?? '').toLowerCase().split(',')
  return codings.some((coding) => /^\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*$).*)?$/.test(coding))
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

const UNBUILT: PageFile = {
  mediaType: 'text/html; charset=utf-8',
  gzipped: null,
  tag: 'unbuilt',
  body: Buffer.from(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Tusker</title>
<h1>Tusker</h1>
<p>The page is not built. Run <code>npm run page</code> in <code>apps/demo</code> and restart the demo.
<p>The demo also serves <a href="content/">/content</a>, a tree of folders and files, and
<code>/files/</code>, an endpoint for any tus client.
`),
}
