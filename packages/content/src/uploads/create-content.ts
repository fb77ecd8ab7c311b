import type { CompletionResult, UploadInfo, UploadMetadata } from '@tusker/core'
import { UploadError } from '@tusker/core'
import type { Principal } from '../access/access.ts'
import type { Author } from '../content-hooks.ts'
import { typeNamed } from '../content-types.ts'
import type { ContentRequest } from '../endpoints/content-request.ts'
import { encodeContentPath } from '../paths/content-path.ts'
import { freeNames } from '../paths/names.ts'
import type { Ports } from '../ports.ts'
import type { Added, BlobSource, ContentObject, NewBlob } from '../tree/content-tree.ts'
import { nameFor } from './content-name.ts'
import type { RequestedContent } from './upload-metadata.ts'
import { requestedContent } from './upload-metadata.ts'
import type { UploadPurpose } from './upload-purpose.ts'
import { purposeOf, rightFor } from './upload-purpose.ts'

type UploadWithMetadata = UploadInfo & { readonly parsedMetadata: UploadMetadata }
type UploadAuthor = Author & { readonly upload: UploadInfo }

/** Turns an upload with all its bytes into content. May run again for the same upload. */
export async function completeContent<Context>(
  ports: Ports<Context>,
  upload: UploadWithMetadata,
  call: ContentRequest<Context> | null,
): Promise<CompletionResult> {
  const purpose = purposeOf(upload)
  if (purpose === null) throw new UploadError('rejected', 'the upload was not made for content')
  const author = { principal: ownerOf(upload), upload }
  if (call === null) await assertOwnerMay(ports, purpose, author.principal)

  const requested = requestedContent(upload.parsedMetadata)
  const object =
    purpose.mode === 'create'
      ? await addNew(ports, purpose, requested, author)
      : await replaceIn(ports, purpose, requested, author)
  const base = call?.route.base ?? purpose.base
  // The tree has the bytes now: removing the content frees their space at once.
  return { location: `${base}${encodeContentPath(object.path)}`, keepBytes: false }
}

/** Without a request, no client can sign in again or retry: a lost right rejects the upload. */
async function assertOwnerMay<Context>(
  { access }: Ports<Context>,
  { mode, context }: UploadPurpose,
  owner: Principal | null,
): Promise<void> {
  if (await access.may(owner, rightFor(mode), context)) return
  throw new UploadError('rejected', 'the owner of the upload has lost the right to it')
}

async function addNew<Context>(
  { tree, store, types, hooks }: Ports<Context>,
  { context, field, type, conflict }: Extract<UploadPurpose, { mode: 'create' }>,
  requested: RequestedContent,
  author: UploadAuthor,
): Promise<ContentObject> {
  const { id, title: asked } = nameFor(requested)
  const draft = { container: context, type, title: asked }
  const { title = asked } = (await hooks.beforeAdd?.(draft, author)) ?? {}

  const { container = false, fields } = typeNamed(types, type) ?? {}
  const object = addedObject(
    await tree.add(context, {
      names: conflict === 'refuse' ? [{ id, title }] : freeNames({ id, title }, 'file'),
      type,
      container,
      primaryField: fields?.[0] ?? field,
      blob: blobOf(store, author.upload, field, requested),
    }),
  )
  await hooks.added?.(object, author)
  return object
}

async function replaceIn<Context>(
  { tree, store, hooks }: Ports<Context>,
  { context, field, uid }: Extract<UploadPurpose, { mode: 'replace' }>,
  requested: RequestedContent,
  author: UploadAuthor,
): Promise<ContentObject> {
  const object = await tree.replace(context, uid, blobOf(store, author.upload, field, requested))
  if (object === null) throw new UploadError('rejected', 'the content to replace no longer exists')
  await hooks.modified?.(object, author)
  return object
}

function blobOf(
  store: Ports['store'],
  upload: UploadInfo,
  field: string,
  { mediaType, fileName }: RequestedContent,
): NewBlob {
  return { field, mediaType, fileName, source: sourceOf(store, upload), upload: upload.id }
}

function sourceOf(store: Ports['store'], { id, offset: length }: UploadInfo): BlobSource {
  return {
    length,
    read: () => store.read(id, 0, length),
    ...(store.exportTo && {
      exportTo: async (path) => {
        await store.exportTo?.(id, path)
      },
    }),
  }
}

function addedObject(added: Added): ContentObject {
  switch (added.kind) {
    case 'added':
      return added.object
    case 'no_container':
      throw new UploadError('rejected', 'the container that the upload was for no longer exists')
    case 'too_deep':
      throw new UploadError('rejected', 'the path of the content would be too long')
    case 'taken':
      throw new UploadError('rejected', 'there is already content with this name')
  }
}

function ownerOf({ owner }: UploadInfo): Principal | null {
  return owner === null ? null : { name: owner }
}
