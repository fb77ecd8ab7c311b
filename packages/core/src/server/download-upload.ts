import type { Downloadable } from '../http/download.ts'
import { download } from '../http/download.ts'
import type { UploadEngine } from '../engine/engine.ts'
import type { MetadataReader } from './metadata-reader.ts'
import { UploadError } from '../model/error.ts'
import type { UploadMetadata } from '../grammar/metadata.ts'
import { metadataText } from '../grammar/metadata.ts'
import { fileNameOf } from '../grammar/file-name.ts'
import type { Protocol, Target } from '../protocol/protocol.ts'
import type { HttpRequest, HttpResponse } from '../model/http.ts'
import type { StoreWith, UploadStore } from '../ports/store.ts'
import { storeCan } from '../ports/store.ts'
import { digestFields } from '../http/outcome-fields.ts'
import type { UploadInfo } from '../model/upload.ts'
import { assertHasBytes, keepsBytes } from '../model/upload.ts'

/** The metadata keys under which clients send a file's media type, the most common one first. */
const TYPE_KEYS = ['filetype', 'type', 'content-type']

/** What `serveUpload` needs. */
export interface DownloadContext<Context> {
  readonly store: UploadStore
  readonly engine: UploadEngine<Context>
  readonly metadataOf: MetadataReader
  readonly protocol: Protocol
  readonly target: Target
}

/**
 * Answers GET on an upload with its bytes, and a HEAD without fields of a protocol as GET without the bytes.
 * In some protocols clients read the state of an upload by GET. Then the response also has the state, and only
 * the state as long as the upload is not complete.
 */
export async function serveUpload<Context>(
  { store, engine, metadataOf, protocol, target }: DownloadContext<Context>,
  id: string,
  request: HttpRequest<Context>,
): Promise<HttpResponse> {
  if (!storeCan(store, 'read')) {
    throw new UploadError('unsupported_method', 'this server does not serve downloads', {
      headers: { allow: 'HEAD, PATCH, DELETE, OPTIONS' },
    })
  }
  const upload = await engine.read(id, request)
  // A client of a protocol reads the state of an upload that has no bytes any more.
  const asksForState = protocol.stateOf !== undefined && protocol.claims(request, null)
  if (asksForState && !keepsBytes(upload.outcome)) {
    return protocol.handle(request, target, engine)
  }
  const isState = request.method === 'HEAD' || protocol.stateOf !== undefined
  if (upload.outcome === null && isState) {
    return protocol.handle(request, target, engine)
  }
  const served = download(
    request,
    downloadable(store, upload, metadataOf(upload.metadata, request)),
  )
  const response = (await redirected(store, upload, served)) ?? served
  const state = protocol.stateOf?.(request, target, engine, upload) ?? digestFields(upload.outcome)
  return { ...response, headers: { ...state, ...response.headers } }
}

/** The response that sends the client to the bytes elsewhere; null if the server sends them. */
async function redirected(
  store: UploadStore,
  { id }: UploadInfo,
  { headers, body }: HttpResponse,
): Promise<HttpResponse | null> {
  const { 'content-type': type, 'content-disposition': disposition } = headers
  if (body === undefined || type === undefined || disposition === undefined) return null
  const fields = { 'content-type': type, 'content-disposition': disposition }
  const location = await store.downloadUrl?.(id, fields)
  if (location === undefined || location === null) return null
  // The URL ends to be valid, so no cache may keep it.
  const kept = { location, 'cache-control': 'no-store', 'content-length': '0' }
  return { status: 307, headers: kept }
}

/** A completed upload as a resource for `download`. Refuses an upload that is not complete. */
function downloadable(
  store: StoreWith<'read'>,
  upload: UploadInfo,
  parsed: UploadMetadata | null,
): Downloadable {
  if (upload.outcome === null) throw new UploadError('not_found', 'the upload is not complete yet')
  assertHasBytes(upload)
  const metadata = parsed ?? new Map<string, Uint8Array>()
  return {
    length: upload.offset,
    // The bytes of a completed upload never change, and no other upload gets its id.
    etag: `"${upload.id}"`,
    lastModified: upload.updatedAt,
    mediaType: firstText(metadata, TYPE_KEYS) ?? 'application/octet-stream',
    fileName: fileNameOf(metadata),
    read: (start, end) => store.read(upload.id, start, end),
  }
}

function firstText(metadata: UploadMetadata, keys: readonly string[]): string | null {
  for (const key of keys) {
    const text = metadataText(metadata, key)
    if (text !== null && text !== '') return text
  }
  return null
}
