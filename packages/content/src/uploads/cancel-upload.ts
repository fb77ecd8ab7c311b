import type { HttpResponse } from '@tusker/core'
import { isUploadId } from '@tusker/core'
import type { ContentRequest } from '../endpoints/content-request.ts'
import type { UploadRoute } from '../endpoints/content-routes.ts'
import type { Ports } from '../ports.ts'
import { purposeOf } from './upload-purpose.ts'

const TUS_VERSION = '1.0.0'

/**
 * Removes another user's upload for a client that has the right `manage` on its context. Returns null
 * for any other request: the upload server responds to it.
 */
export async function cancelAsManager<Context>(
  { access, store }: Ports<Context>,
  { request, route, principal }: ContentRequest<Context, UploadRoute>,
  remove: (id: string) => Promise<void>,
): Promise<HttpResponse | null> {
  const { id } = route
  if (request.method !== 'DELETE' || id === null || !isUploadId(id)) return null
  // The IETF draft sends no version. The upload server refuses any other version.
  const tusVersion = request.headers.get('tus-resumable')
  if (tusVersion !== null && tusVersion.trim() !== TUS_VERSION) return null
  const who = await principal()
  if (who === null || !(await access.may(who, 'manage', route.path))) return null
  const upload = await store.find(id)
  if (upload === null || upload.owner === who.name) return null
  if (purposeOf(upload)?.context !== route.path) return null
  await remove(id)
  return { status: 204, headers: tusVersion === null ? {} : { 'tus-resumable': TUS_VERSION } }
}
