import type { Downloadable } from '../http/download.ts'
import { download } from '../http/download.ts'
import type { UploadEngine } from '../engine/engine.ts'
import { UploadError } from '../model/error.ts'
import type { UploadMetadata } from '../grammar/metadata.ts'
import { metadataText, parseMetadata } from '../grammar/metadata.ts'
import { fileNameOf } from '../grammar/file-name.ts'
import type { HttpRequest, HttpResponse } from '../model/http.ts'
import type { StoreWith, UploadStore } from '../ports/store.ts'
import { storeCan } from '../ports/store.ts'
import { digestFields } from '../http/outcome-fields.ts'
import type { UploadInfo } from '../model/upload.ts'

/** The metadata keys under which clients send a file's media type, the most common one first. */
const TYPE_KEYS = ['filetype', 'type', 'content-type']

/** Answers GET on an upload. */
export async function serveUpload<Context>(
  store: UploadStore,
  engine: UploadEngine<Context>,
  id: string,
  request: HttpRequest<Context>,
): Promise<HttpResponse> {
  if (!storeCan(store, 'read')) {
    throw new UploadError('unsupported_method', 'this store does not give uploads out', {
      headers: { allow: 'HEAD, PATCH, DELETE, OPTIONS' },
    })
  }
  const upload = await engine.read(id, request)
  const response = download(request, downloadable(store, upload))
  return { ...response, headers: { ...response.headers, ...digestFields(upload.outcome) } }
}

/** A completed upload as something to download. Refuses one that is not complete. */
function downloadable(store: StoreWith<'read'>, upload: UploadInfo): Downloadable {
  if (upload.outcome === null) throw new UploadError('not_found', 'the upload is not complete yet')
  const metadata = parseMetadata(upload.metadata) ?? new Map<string, Uint8Array>()
  return {
    length: upload.offset,
    // The bytes of a completed upload never change, and its id is never given to another.
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
