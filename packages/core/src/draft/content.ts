import type { ExpectedChecksum, Incoming } from '../engine/commands.ts'
import { parseDigestField } from '../grammar/digest.ts'
import { UploadError } from '../model/error.ts'
import type { HttpRequest } from '../model/http.ts'
import type { DraftRequest } from './draft-request.ts'
import { contentLength, countField } from './fields.ts'
import type { Interim } from './interim.ts'

/** The content of a request, as the engine receives it. */
export function incoming<Context>(draft: DraftRequest<Context>, interim: Interim): Incoming {
  const { request, limits } = draft
  return {
    bytes: request.body,
    length: contentLength(request),
    maxLength: limits.maxAppendSize ?? null,
    minLength: limits.minAppendSize ?? 0,
    checksum: contentDigest(draft),
    onProgress: interim.progress,
  }
}

/** True if the request has content, or may have some. */
export function hasContent(request: Pick<HttpRequest, 'headers'>): boolean {
  return contentLength(request) !== 0
}

/**
 * The length of the whole upload in bytes, if the request declares it: by `Upload-Length`, or by the length
 * of content that completes the upload. Null if it does not.
 */
export function declaredLength(
  request: Pick<HttpRequest, 'headers'>,
  offset: number,
  isComplete: boolean,
): number | null {
  const declared = countField(request.headers, 'upload-length')
  const content = isComplete ? contentLength(request) : null
  if (content === null) return declared
  const end = offset + content
  if (declared !== null && declared !== end) {
    throw new UploadError(
      'length_mismatch',
      `upload-length is ${declared}, but the content ends the upload at ${end} bytes`,
    )
  }
  return end
}

/** RFC 9530, Content-Digest: the strongest digest that the server can verify. It ignores the others. */
function contentDigest<Context>({
  request,
  engine,
}: DraftRequest<Context>): ExpectedChecksum | null {
  const field = request.headers.get('content-digest')
  if (field === null) return null
  for (const [algorithm, digest] of parseDigestField(field)) {
    if (engine.capabilities.checksums.includes(algorithm)) {
      return { algorithm, isAnnounced: true, read: () => Promise.resolve({ algorithm, digest }) }
    }
  }
  return null
}
