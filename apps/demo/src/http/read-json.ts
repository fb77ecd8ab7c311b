import type { HttpRequest } from '@tusker/core'
import { UploadError } from '@tusker/core'
import type { z } from 'zod'

/** Bytes. */
const LIMIT = 16 * 1024

/**
 * Reads a body of JSON. No page of another site can send one without being asked where it is from.
 *
 * @throws UploadError that says what is wrong with it
 */
export async function readJson<Value>(
  request: HttpRequest,
  schema: z.ZodType<Value>,
): Promise<Value> {
  const [type] = (request.headers.get('content-type') ?? '').split(';', 1)
  if (type?.trim().toLowerCase() !== 'application/json') {
    throw new UploadError('unsupported_media_type', 'content-type must be application/json')
  }
  const result = schema.safeParse(parsed(await textOf(request.body)))
  if (result.success) return result.data
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new UploadError('malformed_request', problems.join(', '))
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.byteLength
    if (length > LIMIT) throw new UploadError('too_large', `the body may have ${LIMIT} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UploadError('malformed_request', 'the body is no JSON')
  }
}
