import type { CompletionResult, UploadMetadata, UploadInfo } from '@tusker/core'
import { UploadError } from '@tusker/core'
import type { Principal } from '../access/access.ts'
import type { ContentRequest } from '../endpoints/content-request.ts'
import type { Author } from '../content-hooks.ts'
import { typeNamed } from '../content-types.ts'
import { encodeContentPath } from '../paths/content-path.ts'
import { contentIdFor, fileNameFor, freeIds } from '../paths/names.ts'
import type { Ports } from '../ports.ts'
import type { Added, BlobSource, ContentObject, NewBlob } from '../tree/content-tree.ts'
import type { UploadFacts } from './upload-purpose.ts'
import { factsOf, rightFor } from './upload-purpose.ts'
import type { UploadWishes } from './upload-metadata.ts'
import { wishesOf } from './upload-metadata.ts'

type Described = UploadInfo & { readonly parsedMetadata: UploadMetadata }

/** Makes content of an upload whose bytes are all there. May be asked again for the same one. */
export async function publish<Context>(
  ports: Ports<Context>,
  upload: Described,
  call: ContentRequest<Context> | null,
): Promise<CompletionResult> {
  const facts = factsOf(upload)
  if (facts === null) throw new UploadError('rejected', 'the upload was not made for content')
  const author = { principal: ownerOf(upload), upload }
  if (call === null) await demandOfOwner(ports, facts, author.principal)

  const wishes = wishesOf(upload.parsedMetadata)
  const object =
    facts.mode === 'create'
      ? await addNew(ports, facts, wishes, author)
      : await replaceIn(ports, facts, wishes, author)
  const base = call?.route.base ?? facts.base
  return { location: `${base}${encodeContentPath(object.path)}` }
}

/** Nobody is there to be told to sign in, or to ask again: whoever lost the right is out for good. */
async function demandOfOwner<Context>(
  { access }: Ports<Context>,
  { mode, context }: UploadFacts,
  owner: Principal | null,
): Promise<void> {
  if (await access.may(owner, rightFor(mode), context)) return
  throw new UploadError('rejected', 'whoever made the upload lost the right to it')
}

async function addNew<Context>(
  { tree, store, types, hooks }: Ports<Context>,
  { context, field, type }: Extract<UploadFacts, { mode: 'create' }>,
  wishes: UploadWishes,
  author: Author & { readonly upload: UploadInfo },
): Promise<ContentObject> {
  const blob = blobOf(store, author.upload, field, wishes)
  const draft = { container: context, type, title: blob.fileName }
  const { title = draft.title } = (await hooks.beforeAdd?.(draft, author)) ?? {}

  const { container = false, fields } = typeNamed(types, type) ?? {}
  const object = objectOf(
    await tree.add(context, {
      ids: freeIds(contentIdFor(wishes.fileName ?? '', 'file')),
      type,
      title,
      container,
      blob,
      primaryField: fields?.[0] ?? field,
    }),
  )
  await hooks.added?.(object, author)
  return object
}

async function replaceIn<Context>(
  { tree, store, hooks }: Ports<Context>,
  { context, field, uid }: Extract<UploadFacts, { mode: 'replace' }>,
  wishes: UploadWishes,
  author: Author & { readonly upload: UploadInfo },
): Promise<ContentObject> {
  const object = await tree.replace(context, uid, blobOf(store, author.upload, field, wishes))
  if (object === null) throw new UploadError('rejected', 'the content to replace is gone')
  await hooks.modified?.(object, author)
  return object
}

function blobOf(
  store: Ports['store'],
  upload: UploadInfo,
  field: string,
  { mediaType, fileName }: UploadWishes,
): NewBlob {
  return {
    field,
    mediaType,
    fileName: fileNameFor(fileName ?? ''),
    source: sourceOf(store, upload),
    upload: upload.id,
  }
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

function objectOf(added: Added): ContentObject {
  switch (added.kind) {
    case 'added':
      return added.object
    case 'no_container':
      throw new UploadError('rejected', 'the container that the upload was for is gone')
    case 'too_deep':
      throw new UploadError('rejected', 'the path of the content would be too long')
    case 'taken':
      throw new Error('no id was free')
  }
}

function ownerOf({ owner }: UploadInfo): Principal | null {
  return owner === null ? null : { name: owner }
}
