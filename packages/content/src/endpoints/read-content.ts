import type { HttpRequest, HttpResponse } from '@tusker/core'
import { download, UploadError } from '@tusker/core'
import { demand } from '../access/access.ts'
import type { ContentRequest } from './content-request.ts'
import type { ContentRoute } from './content-routes.ts'
import type { Ports } from '../ports.ts'
import type { ContentField, ContentObject, OpenBlob } from '../tree/content-tree.ts'
import { describe, urlOf } from './content-json.ts'
import { listing } from './listing.ts'

type ReadRoute = Exclude<ContentRoute, { readonly kind: 'upload' }>

const ATTEMPTS = 20

/** GET and HEAD: the bytes of a field, the listing of a container, or what is known about an object. */
export async function readContent<Context>(
  ports: Ports<Context>,
  call: ContentRequest<Context, ReadRoute>,
): Promise<HttpResponse> {
  const { route, request } = call
  await demand(ports.access, await call.principal(), 'view', route.path)
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const object = await ports.tree.find(route.path)
    if (object === null) throw new UploadError('not_found', 'there is no content at this path')
    if (route.kind === 'object' && object.container) return listing(ports, call, object)
    const field = fieldAt(route, object)
    if (field === null) return information(ports, call, object)
    const response = await bytesOf(field, request)
    if (response !== null) return response
    // Replaced between the look at it and its opening: look again.
  }
  throw new UploadError('unavailable', 'the content changes too fast to be read, try again')
}

/** Null when the answer is not about bytes. */
function fieldAt(route: ReadRoute, object: ContentObject): ContentField | null {
  if (route.kind === 'info') return null
  if (route.kind === 'object') return object.fields.get(object.primaryField ?? '') ?? null
  const field = object.fields.get(route.field)
  if (field === undefined) throw new UploadError('not_found', 'there is nothing in such a field')
  return field
}

async function information<Context>(
  ports: Ports<Context>,
  { request, route, principal }: ContentRequest<Context>,
  object: ContentObject,
): Promise<HttpResponse> {
  const headers = {
    'content-type': 'application/json',
    'cache-control': 'private, no-cache',
    vary: 'Authorization',
    'x-content-type-options': 'nosniff',
  }
  if (request.method === 'HEAD') return { status: 200, headers }
  const url = urlOf(ports, request, route.base, object.path)
  const description = await describe(ports, object, { url, principal: await principal() })
  return { status: 200, headers, body: `${JSON.stringify(description)}\n` }
}

/** Null when the bytes are gone already. From then on that they are open, nothing can take them away. */
async function bytesOf(field: ContentField, request: HttpRequest): Promise<HttpResponse | null> {
  if (request.method === 'HEAD') return answerWith(field, request, () => nothing())
  const blob = await field.open()
  if (blob === null) return null
  const response = answerWith(field, request, (start, end) => readAndClose(blob, start, end))
  if (typeof response.body !== 'object') await blob.close()
  // A body that nobody asks for, because the client went away, is never ended.
  request.signal.addEventListener('abort', () => void blob.close())
  return response
}

function answerWith(
  { length, etag, modifiedAt: lastModified, mediaType, fileName }: ContentField,
  request: HttpRequest,
  read: OpenBlob['read'],
): HttpResponse {
  const blob = { length, etag, lastModified, mediaType, fileName, read }
  const response = download(request, blob)
  return { ...response, headers: { ...response.headers, vary: 'Authorization' } }
}

async function* readAndClose(
  blob: OpenBlob,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  try {
    yield* blob.read(start, end)
  } finally {
    await blob.close()
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
