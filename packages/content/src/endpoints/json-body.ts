import type { HttpRequest } from '@tusker/core'
import { isUploadError, UploadError } from '@tusker/core'

/** Bytes. */
const LIMIT = 64 * 1024

/**
 * Reads a request's body, of at most 64 KiB, as a JSON object: its names and values.
 *
 * @throws UploadError `unsupported_media_type` when its content type is not `application/json`, `too_large`,
 * `interrupted` when it ended too early, `malformed_request` when it is not a JSON object
 */
export async function readJsonObject(request: HttpRequest): Promise<ReadonlyMap<string, unknown>> {
  const mediaType = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (mediaType !== 'application/json') {
    throw new UploadError('unsupported_media_type', 'content-type must be application/json')
  }
  const value = parse(await readText(request))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UploadError('malformed_request', 'the body must be a JSON object')
  }
  return new Map(Object.entries(value))
}

async function readText(request: HttpRequest): Promise<string> {
  try {
    return await gathered(request.body)
  } catch (error) {
    if (isUploadError(error)) throw error
    throw new UploadError('interrupted', 'the body ended too early', { cause: error })
  }
}

async function gathered(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.byteLength
    if (length > LIMIT) throw new UploadError('too_large', `the body may have ${LIMIT} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UploadError('malformed_request', 'the body is not JSON')
  }
}
