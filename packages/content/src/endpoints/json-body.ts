import type { HttpRequest } from '@tusker/core'
import { isUploadError, UploadError } from '@tusker/core'

/** Bytes. */
const LIMIT = 64 * 1024
/** Milliseconds for the whole body. It fits into a few packets, also over a slow line. */
const PATIENCE = 30_000

/**
 * Reads a request's body, of at most 64 KiB, as a JSON object: its names and values.
 *
 * @throws UploadError `unsupported_media_type` when its content type is not `application/json`, `too_large`,
 * `interrupted` when it ended too early, `request_timeout` when it takes longer than 30 seconds,
 * `malformed_request` when it is not a JSON object
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
  const chunks = body[Symbol.asyncIterator]()
  const pieces: Uint8Array[] = []
  let length = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooLate()), PATIENCE)
  })
  try {
    for (;;) {
      const step = await Promise.race([chunks.next(), late])
      if (step.done === true) return Buffer.concat(pieces).toString('utf8')
      length += step.value.byteLength
      if (length > LIMIT) throw new UploadError('too_large', `the body may have ${LIMIT} bytes`)
      pieces.push(step.value)
    }
  } finally {
    clearTimeout(timer)
    void chunks.return?.()
  }
}

function tooLate(): UploadError {
  return new UploadError('request_timeout', 'the body took too long, send the request again')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UploadError('malformed_request', 'the body is not JSON')
  }
}
