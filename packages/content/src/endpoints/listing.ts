import type { HttpResponse } from '@tusker/core'
import type { ContentRequest } from './content-request.ts'
import type { Ports } from '../ports.ts'
import type { ContentObject } from '../tree/content-tree.ts'
import { prefersHtml } from './accept.ts'
import type { Description } from './content-json.ts'
import { describe, urlOf } from './content-json.ts'
import type { Listing } from './listing-html.ts'
import { htmlPage } from './listing-html.ts'

/** Responds to GET on a container: with JSON, or with a page for browsers. */
export async function listing<Context>(
  ports: Ports<Context>,
  call: ContentRequest<Context>,
  object: ContentObject,
): Promise<HttpResponse> {
  const { request, route } = call
  const children = visibleChildren(ports, call, object)
  const principal = await call.principal()
  const above = object.path.slice(0, object.path.lastIndexOf('/')) || '/'
  const shown: Listing = {
    container: await describe(ports, object, {
      url: urlOf(ports, request, route.base, object.path),
      principal,
    }),
    parent: object.path === '/' ? null : urlOf(ports, request, route.base, above),
    children,
  }
  const html = prefersHtml(request.headers.get('accept'))
  const headers = {
    'content-type': html ? 'text/html; charset=utf-8' : 'application/json',
    'cache-control': 'private, no-cache',
    vary: 'Accept, Authorization',
    'x-content-type-options': 'nosniff',
    ...(html && {
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    }),
  }
  if (request.method === 'HEAD') return { status: 200, headers }
  return { status: 200, headers, body: inChunks(html ? htmlPage(shown) : json(shown)) }
}

async function* visibleChildren<Context>(
  ports: Ports<Context>,
  { request, route, principal }: ContentRequest<Context>,
  { path }: ContentObject,
): AsyncGenerator<Description> {
  const who = await principal()
  for await (const child of ports.tree.children(path)) {
    if (!(await ports.access.may(who, 'view', child.path))) continue
    const url = urlOf(ports, request, route.base, child.path)
    yield await describe(ports, child, { url, principal: who })
  }
}

async function* json({ container, children }: Listing): AsyncGenerator<string> {
  yield `${JSON.stringify(container).slice(0, -1)},"items":[`
  let separator = ''
  for await (const child of children) {
    yield `${separator}${JSON.stringify(child)}`
    separator = ','
  }
  yield ']}\n'
}

const CHUNK_LENGTH = 16 * 1024

/** A folder may hold any number of objects. At most one chunk of the response is in memory. */
async function* inChunks(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  let gathered = ''
  for await (const text of texts) {
    gathered += text
    if (gathered.length < CHUNK_LENGTH) continue
    yield encoder.encode(gathered)
    gathered = ''
  }
  yield encoder.encode(gathered)
}
