import type { UploadHooks } from '@tusker/core'
import { UploadError } from '@tusker/core'
import type { ContentAccess } from '../access/access.ts'
import { assertMay, unauthenticated } from '../access/access.ts'
import type { ContentRequest } from '../endpoints/content-request.ts'
import type { UploadRoute } from '../endpoints/content-routes.ts'
import { fieldToFill, typeForUpload, typeNamed } from '../content-types.ts'
import type { Ports } from '../ports.ts'
import type { ContentObject } from '../tree/content-tree.ts'
import { completeContent } from './create-content.ts'
import type { ConflictRule, UploadPurpose } from './upload-purpose.ts'
import { purposeOf, rightFor } from './upload-purpose.ts'
import { nameFor } from './content-name.ts'
import type { ContentPath } from '../paths/content-path.ts'
import { childPath } from '../paths/content-path.ts'
import type { RequestedContent } from './upload-metadata.ts'
import { requestedContent } from './upload-metadata.ts'

/** The hooks with which an upload server turns uploads into content. */
export function uploadHooks<Context>(
  ports: Ports<Context>,
): UploadHooks<ContentRequest<Context, UploadRoute>> {
  const { access } = ports
  return {
    async identify(call) {
      const principal = await call.principal()
      // For an existing upload, the server asks only if the upload has an owner.
      if (principal === null && call.route.id !== null)
        throw unauthenticated(access, 'sign in first')
      return principal?.name ?? null
    },
    async authorize(action, upload, call) {
      // A sweep has no caller. `completeContent` then checks the rights of the upload's owner.
      if (call === null) return undefined
      const { route } = call
      const purpose = purposeOf(upload)
      if (action !== 'create' && purpose?.context !== route.path) {
        throw new UploadError('not_found', 'there is no such upload at this place')
      }
      if (action === 'remove' && (await mayManage(access, call))) return 'allow'
      const mode = purpose?.mode ?? (route.service === '@tus-replace' ? 'replace' : 'create')
      await assertMay(access, await call.principal(), rightFor(mode), route.path)
      return undefined
    },
    async beforeCreate(upload, call) {
      return {
        attributes: { ...(await purposeFor(ports, call, requestedContent(upload.parsedMetadata))) },
      }
    },
    onComplete: (upload, call) => completeContent(ports, upload, call),
  }
}

/** True if the caller may cancel the uploads of every user into the context. */
async function mayManage<Context>(
  access: ContentAccess<Context>,
  { principal, route }: ContentRequest<Context, UploadRoute>,
): Promise<boolean> {
  const caller = await principal()
  return caller !== null && access.may(caller, 'manage', route.path)
}

async function purposeFor<Context>(
  { tree, types }: Ports<Context>,
  { route }: ContentRequest<Context, UploadRoute>,
  requested: RequestedContent,
): Promise<UploadPurpose> {
  const { path: context, base } = route
  const object = await tree.find(context)
  if (object === null) throw new UploadError('not_found', 'there is no content at this path')

  if (route.service === '@tus-replace') {
    const field = fieldToFill(fieldsOf(object, types), requested.field)
    return { mode: 'replace', context, base, field, uid: object.uid }
  }
  if (!object.container) throw new UploadError('not_found', 'only a container can be added to')
  const type = typeForUpload(types, requested)
  const field = fieldToFill(typeNamed(types, type)?.fields ?? [], requested.field)
  const conflict = conflictRule(requested.conflict)
  if (conflict === 'refuse') await assertFree(tree, context, requested)
  return { mode: 'create', context, base, field, type, conflict }
}

function conflictRule(text: string | null): ConflictRule {
  if (text === null || text === 'number') return 'number'
  if (text === 'refuse') return text
  throw new UploadError('malformed_request', 'conflict: must be "number" or "refuse"')
}

/** Refuses early, before any bytes are sent. The completion checks again. */
async function assertFree(
  tree: Ports['tree'],
  container: ContentPath,
  requested: RequestedContent,
): Promise<void> {
  const { id } = nameFor(requested)
  if ((await tree.find(childPath(container, id))) === null) return
  throw new UploadError('id_taken', 'there is already content with this name')
}

/** The fields an object can have, the primary one first. The object may have a type that is gone. */
function fieldsOf(object: ContentObject, types: Ports['types']): readonly string[] {
  const fields = [...(typeNamed(types, object.type)?.fields ?? []), ...object.fields.keys()]
  return object.primaryField === null ? fields : [object.primaryField, ...fields]
}
