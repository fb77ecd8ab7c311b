import type { HttpResponse } from '@tusker/core'
import type { ContentRequest } from './content-request.ts'
import type { Ports } from '../ports.ts'
import type { Principal } from '../access/access.ts'
import type { ContentPath } from '../paths/content-path.ts'
import { childPath } from '../paths/content-path.ts'
import type { ContentObject, ContentTree } from '../tree/content-tree.ts'
import { prefersHtml } from './accept.ts'
import { batchOf, linksOf } from './batch.ts'
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
  const batch = batchOf(request.query)
  const principal = await call.principal()
  const visible = await visiblePaths(ports, principal, object.path)
  const url = urlOf(ports, request, route.base, object.path)
  const above = object.path.slice(0, object.path.lastIndexOf('/')) || '/'
  const shown: Listing = {
    container: await describe(ports, object, { url, principal }),
    parent: object.path === '/' ? null : urlOf(ports, request, route.base, above),
    total: visible.length,
    links: linksOf(batch, visible.length, url),
    children: childrenAt(ports, call, visible.slice(batch.start, batch.start + batch.size)),
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

/** The paths of all children that the user may view. It reads no object for it, if the tree can. */
async function visiblePaths<Context>(
  { tree, access }: Ports<Context>,
  who: Principal | null,
  path: ContentPath,
): Promise<readonly ContentPath[]> {
  const visible: ContentPath[] = []
  for await (const child of pathsBelow(tree, path)) {
    if (await access.may(who, 'view', child)) visible.push(child)
  }
  return visible
}

async function* pathsBelow(tree: ContentTree, path: ContentPath): AsyncGenerator<ContentPath> {
  if (tree.childIds === undefined) {
    for await (const child of tree.children(path)) yield child.path
  } else {
    for (const id of await tree.childIds(path)) yield childPath(path, id)
  }
}

async function* childrenAt<Context>(
  ports: Ports<Context>,
  { request, route, principal }: ContentRequest<Context>,
  paths: readonly ContentPath[],
): AsyncGenerator<Description> {
  const who = await principal()
  for (const path of paths) {
    const child = await ports.tree.find(path)
    // It was removed since.
    if (child === null) continue
    const url = urlOf(ports, request, route.base, path)
    yield await describe(ports, child, { url, principal: who })
  }
}

async function* json({ container, total, links, children }: Listing): AsyncGenerator<string> {
  const facts = { items_total: total, ...(links === null ? {} : { batching: links }) }
  yield `${JSON.stringify({ ...container, ...facts }).slice(0, -1)},"items":[`
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
