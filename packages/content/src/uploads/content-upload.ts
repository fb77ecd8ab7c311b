import type { UploadInfo, UploadServerOptions } from '@tusker/core'
import { isUploadError, lacksOutcome, parseMetadata } from '@tusker/core'
import type { ContentPath } from '../paths/content-path.ts'
import { encodeContentPath } from '../paths/content-path.ts'
import { fileNameFor } from '../paths/names.ts'
import type { ContentStore } from '../ports.ts'
import type { UploadFacts } from './upload-purpose.ts'
import { factsOf } from './upload-purpose.ts'
import { wishesOf } from './upload-metadata.ts'

/** An upload of content, for people who look after uploads. */
export interface ContentUpload {
  readonly id: string
  /** Its URL as a path below the host's prefix. */
  readonly location: string
  readonly mode: UploadFacts['mode']
  /** The container that is to gain an object, or the object of which a field is replaced. */
  readonly context: ContentPath
  readonly fileName: string | null
  readonly mediaType: string
  /** Whoever made it; null for somebody who did not have to sign in. */
  readonly owner: string | null
  /** Bytes that are there. */
  readonly offset: number
  /** Bytes; null until the client declares it. */
  readonly length: number | null
  readonly createdAt: Date
  /** When it last changed. */
  readonly updatedAt: Date
  /** When it will count as abandoned; null if it never will. */
  readonly expiresAt: Date | null
  /** `unfinished` also while it only waits for its outcome. */
  readonly state: 'unfinished' | 'completed' | 'rejected'
  /** Where its content is, as a path below the host's prefix; null unless it was completed. */
  readonly content: string | null
}

/** How long uploads are kept; see `ContentServerOptions`. */
export type Expiry = Required<Pick<UploadServerOptions, 'expireAfter' | 'expireFrom'>>

/**
 * The uploads of content that a store holds, but for those that nobody needs to hear of: `skip` says
 * which by their ids, and those that are damaged or abandoned. Nothing where the store cannot list.
 */
export async function* contentUploads(
  store: ContentStore,
  expiry: Expiry,
  skip: (id: string) => boolean,
): AsyncGenerator<ContentUpload> {
  for await (const id of store.list?.() ?? []) {
    const found = skip(id) ? null : await findSound(store, id)
    const upload = found === null ? null : contentUploadOf(found, expiry)
    if (upload !== null && !isAbandoned(upload)) yield upload
  }
}

function isAbandoned({ expiresAt }: ContentUpload): boolean {
  return expiresAt !== null && expiresAt.getTime() <= Date.now()
}

async function findSound(store: ContentStore, id: string): Promise<UploadInfo | null> {
  try {
    return await store.find(id)
  } catch (error) {
    if (isUploadError(error)) return null
    throw error
  }
}

/** Null for an upload that was not made by a content server. */
function contentUploadOf(upload: UploadInfo, expiry: Expiry): ContentUpload | null {
  const facts = factsOf(upload)
  if (facts === null) return null
  const { mode, context, base } = facts
  const { id, owner, offset, length, createdAt, updatedAt, outcome } = upload
  const { fileName, mediaType } = wishesOf(parseMetadata(upload.metadata) ?? new Map())
  return {
    id,
    mode,
    context,
    owner,
    offset,
    length,
    createdAt,
    updatedAt,
    mediaType,
    location: `${base}${encodeContentPath(context)}/@tus-upload/${id}`,
    fileName: fileNameFor(fileName ?? ''),
    expiresAt: outcome !== null || lacksOutcome(upload) ? null : expiryOf(upload, expiry),
    state: stateOf(upload),
    content: outcome?.kind === 'accepted' ? outcome.location : null,
  }
}

function stateOf({ outcome }: UploadInfo): ContentUpload['state'] {
  if (outcome === null) return 'unfinished'
  return outcome.kind === 'accepted' ? 'completed' : 'rejected'
}

function expiryOf(upload: UploadInfo, { expireAfter, expireFrom }: Expiry): Date {
  const from = expireFrom === 'creation' ? upload.createdAt : upload.updatedAt
  return new Date(from.getTime() + expireAfter)
}
