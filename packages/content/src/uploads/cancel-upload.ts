import type { HttpResponse } from '@tusker/core'
import { isUploadId } from '@tusker/core'
import type { ContentRequest } from '../endpoints/content-request.ts'
import type { UploadRoute } from '../endpoints/content-routes.ts'
import type { Ports } from '../ports.ts'
import { factsOf } from './upload-purpose.ts'

/**
 * DELETE on the upload of somebody else, by whoever has `manage` where it is for. Null when this is
 * another request, and for the upload server to answer.
 */
export async function endOfOthers<Context>(
  { access, store }: Ports<Context>,
  { request, route, principal }: ContentRequest<Context, UploadRoute>,
  remove: (id: string) => Promise<void>,
): Promise<HttpResponse | null> {
  const { id } = route
  const isTus = request.headers.get('tus-resumable')?.trim() === '1.0.0'
  if (request.method !== 'DELETE' || !isTus || id === null || !isUploadId(id)) return null
  const who = await principal()
  if (who === null || !(await access.may(who, 'manage', route.path))) return null
  const upload = await store.find(id)
  if (upload === null || upload.owner === who.name) return null
  if (factsOf(upload)?.context !== route.path) return null
  await remove(id)
  return { status: 204, headers: { 'tus-resumable': '1.0.0' } }
}
