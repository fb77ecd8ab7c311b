import type { UploadHooks } from '@tusker/core'
import { UploadError } from '@tusker/core'
import { demand, unauthenticated } from '../access/access.ts'
import type { ContentRequest } from '../endpoints/content-request.ts'
import type { UploadRoute } from '../endpoints/content-routes.ts'
import { fieldToFill, typeForUpload, typeNamed } from '../content-types.ts'
import type { Ports } from '../ports.ts'
import type { ContentObject } from '../tree/content-tree.ts'
import { publish } from './create-content.ts'
import type { UploadFacts } from './upload-purpose.ts'
import { factsOf, rightFor } from './upload-purpose.ts'
import type { UploadWishes } from './upload-metadata.ts'
import { wishesOf } from './upload-metadata.ts'

/** What makes an upload server one of content. */
export function uploadHooks<Context>(
  ports: Ports<Context>,
): UploadHooks<ContentRequest<Context, UploadRoute>> {
  const { access } = ports
  return {
    async identify(call) {
      const principal = await call.principal()
      // Of an upload that exists, only one with an owner asks who is there.
      if (principal === null && call.route.id !== null)
        throw unauthenticated(access, 'sign in first')
      return principal?.name ?? null
    },
    async authorize(action, upload, call) {
      // A sweep has nobody to ask; `publish` looks at the rights of the upload's owner.
      if (call === null) return
      const { route } = call
      const facts = factsOf(upload)
      if (action !== 'create' && facts?.context !== route.path) {
        throw new UploadError('not_found', 'there is no such upload at this place')
      }
      const mode = facts?.mode ?? (route.service === '@tus-replace' ? 'replace' : 'create')
      await demand(access, await call.principal(), rightFor(mode), route.path)
    },
    async beforeCreate(upload, call) {
      return { attributes: { ...(await factsFor(ports, call, wishesOf(upload.parsedMetadata))) } }
    },
    onComplete: (upload, call) => publish(ports, upload, call),
  }
}

async function factsFor<Context>(
  { tree, types }: Ports<Context>,
  { route }: ContentRequest<Context, UploadRoute>,
  wishes: UploadWishes,
): Promise<UploadFacts> {
  const { path: context, base } = route
  const object = await tree.find(context)
  if (object === null) throw new UploadError('not_found', 'there is no content at this path')

  if (route.service === '@tus-replace') {
    const field = fieldToFill(fieldsOf(object, types), wishes.field)
    return { mode: 'replace', context, base, field, uid: object.uid }
  }
  if (!object.container) throw new UploadError('not_found', 'only a container can be added to')
  const type = typeForUpload(types, wishes)
  const field = fieldToFill(typeNamed(types, type)?.fields ?? [], wishes.field)
  return { mode: 'create', context, base, field, type }
}

/** The fields an object can have, the primary one first. Its type may be of a time before these types. */
function fieldsOf(object: ContentObject, types: Ports['types']): readonly string[] {
  const fields = [...(typeNamed(types, object.type)?.fields ?? []), ...object.fields.keys()]
  return object.primaryField === null ? fields : [object.primaryField, ...fields]
}
