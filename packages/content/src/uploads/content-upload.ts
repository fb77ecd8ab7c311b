import type { UploadInfo, UploadServer } from '@tusker/core'
import { isUploadError, parseMetadata } from '@tusker/core'
import type { ContentPath } from '../paths/content-path.ts'
import { encodeContentPath } from '../paths/content-path.ts'
import type { ContentStore } from '../ports.ts'
import type { UploadPurpose } from './upload-purpose.ts'
import { purposeOf } from './upload-purpose.ts'
import { requestedContent } from './upload-metadata.ts'

/** An upload of content, as a list of uploads shows it. */
export interface ContentUpload {
  readonly id: string
  /** Its URL as a path below the host's prefix. */
  readonly location: string
  readonly mode: UploadPurpose['mode']
  /** The container that will gain an object, or the object of which a field is replaced. */
  readonly context: ContentPath
  readonly fileName: string | null
  readonly mediaType: string
  /** The name of the user who created it; null if the client was not signed in. */
  readonly owner: string | null
  /** Bytes that have been committed. */
  readonly offset: number
  /** Bytes; null until the client declares it. */
  readonly length: number | null
  readonly createdAt: Date
  /** When its record last changed. */
  readonly updatedAt: Date
  /** When it expires; null if it does not. */
  readonly expiresAt: Date | null
  /** `unfinished` also while all bytes are there and only the outcome is missing. */
  readonly state: 'unfinished' | 'completed' | 'rejected'
  /** The URL of its content as a path below the host's prefix; null unless it is completed. */
  readonly content: string | null
}

type ExpiryOf = UploadServer['expiryOf']

/**
 * The uploads of content in a store, without the ids that `skip` returns true for, and without damaged
 * and expired uploads. None when the store cannot list.
 */
export async function* contentUploads(
  store: ContentStore,
  expiryOf: ExpiryOf,
  skip: (id: string) => boolean,
): AsyncGenerator<ContentUpload> {
  for await (const id of store.list?.() ?? []) {
    const found = skip(id) ? null : await findSound(store, id)
    const upload = found === null ? null : contentUploadOf(found, expiryOf)
    if (upload !== null && !isExpired(upload)) yield upload
  }
}

function isExpired({ expiresAt }: ContentUpload): boolean {
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

/** Null for an upload that no content server created. */
function contentUploadOf(upload: UploadInfo, expiryOf: ExpiryOf): ContentUpload | null {
  const purpose = purposeOf(upload)
  if (purpose === null) return null
  const { mode, context, base } = purpose
  const { id, owner, offset, length, createdAt, updatedAt, outcome } = upload
  const { fileName, mediaType } = requestedContent(parseMetadata(upload.metadata) ?? new Map())
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
    fileName,
    expiresAt: expiryOf(upload),
    state: stateOf(upload),
    content: outcome?.kind === 'accepted' ? outcome.location : null,
  }
}

function stateOf({ outcome }: UploadInfo): ContentUpload['state'] {
  if (outcome === null) return 'unfinished'
  return outcome.kind === 'accepted' ? 'completed' : 'rejected'
}
