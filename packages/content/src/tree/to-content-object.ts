import { join } from 'node:path'
import type { ContentPath } from '../paths/content-path.ts'
import { idsOf } from '../paths/content-path.ts'
import type { ContentField, ContentObject } from './content-tree.ts'
import type { BlobRecord } from './object-record.ts'
import { openBlob } from './open-blob.ts'
import type { Found } from './tree-directory.ts'

/** An object as `ContentTree` returns it, made of its record. */
export function toContentObject(path: ContentPath, { directory, version }: Found): ContentObject {
  const { uid, type, title, container, createdAt, modifiedAt, primaryField, fields } =
    version.record
  return {
    path,
    id: idsOf(path).at(-1) ?? '',
    uid,
    type,
    title,
    container,
    createdAt: new Date(createdAt),
    modifiedAt: new Date(modifiedAt),
    fields: new Map(fields.map((blob) => [blob.name, fieldFrom(directory, blob)])),
    primaryField,
  }
}

function fieldFrom(directory: string, blob: BlobRecord): ContentField {
  const { name, file, length, mediaType, fileName, modifiedAt } = blob
  return {
    name,
    length,
    mediaType,
    fileName,
    modifiedAt: new Date(modifiedAt),
    // Each blob has its own file, and file names are never used again.
    etag: `"${file.split('/').at(-1) ?? file}"`,
    open: () => openBlob(join(directory, file)),
  }
}
