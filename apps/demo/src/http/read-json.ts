import { readJsonObject } from '@tusker/content'
import type { HttpRequest } from '@tusker/core'
import { UploadError } from '@tusker/core'
import type { z } from 'zod'

/**
 * Reads a JSON body. Before a page of another site can send one, its browser asks for permission (CORS).
 *
 * @throws UploadError that names the fault
 */
export async function readJson<Value>(
  request: HttpRequest,
  schema: z.ZodType<Value>,
): Promise<Value> {
  const result = schema.safeParse(Object.fromEntries(await readJsonObject(request)))
  if (result.success) return result.data
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new UploadError('malformed_request', problems.join(', '))
}
