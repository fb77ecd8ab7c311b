import type { HttpRequest, HttpResponse } from '@tusker/core'
import { download, UploadError } from '@tusker/core'
import { assertMay } from '../access/access.ts'
import type { ContentRequest } from './content-request.ts'
import type { ContentRoute } from './content-routes.ts'
import type { Ports } from '../ports.ts'
import type { ContentField, ContentObject, OpenBlob } from '../tree/content-tree.ts'
import { describe, urlOf } from './content-json.ts'
import { listing } from './listing.ts'

type ReadRoute = Exclude<ContentRoute, { readonly kind: 'upload' }>

const ATTEMPTS = 20

/** GET and HEAD: the bytes of a field, the listing of a container, or a description of an object. */
export async function readContent<Context>(
  ports: Ports<Context>,
  call: ContentRequest<Context, ReadRoute>,
): Promise<HttpResponse> {
  const { route, request } = call
  await assertMay(ports.access, await call.principal(), 'view', route.path)
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const object = await ports.tree.find(route.path)
    if (object === null) throw new UploadError('not_found', 'there is no content at this path')
    if (route.kind === 'object' && object.container) return listing(ports, call, object)
    const field = fieldAt(route, object)
    if (field === null) return information(ports, call, object)
    const response = await bytesOf(field, request)
    if (response !== null) return response
    // The object was replaced between find and open: find it again.
  }
  throw new UploadError('unavailable', 'the content changes too fast to be read, retry later')
}

/** Null when the response has no bytes of a field. */
function fieldAt(route: ReadRoute, object: ContentObject): ContentField | null {
  if (route.kind === 'info') return null
  if (route.kind === 'object') return object.fields.get(object.primaryField ?? '') ?? null
  const field = object.fields.get(route.field)
  if (field === undefined) throw new UploadError('not_found', 'this object has no such field')
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

/** Null when the bytes are gone already. Once they are open, they stay readable. */
async function bytesOf(field: ContentField, request: HttpRequest): Promise<HttpResponse | null> {
  if (request.method === 'HEAD') return answerWith(field, request, () => nothing())
  const blob = await field.open()
  if (blob === null) return null
  const { signal } = request
  const close = async (): Promise<void> => {
    // The signal may be that of a connection with thousands of requests.
    signal.removeEventListener('abort', onAbort)
    await blob.close()
  }
  const onAbort = (): void => void close()
  const response = answerWith(field, request, (start, end) =>
    readAndClose({ read: (from, to) => blob.read(from, to), close }, start, end),
  )
  if (typeof response.body !== 'object' || signal.aborted) await close()
  // When the client disconnects before the body is read, only the signal reports it.
  else signal.addEventListener('abort', onAbort, { once: true })
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
