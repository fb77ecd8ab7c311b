import { UploadError } from '@tusker/core'

/** What content objects of a type can hold. */
export interface ContentType {
  /** True when they hold other objects. */
  readonly container?: boolean
  /** The names of their blob fields, the primary one first. */
  readonly fields?: readonly string[]
}

/** The types that content can have, by name. */
export type ContentTypes = Readonly<Record<string, ContentType>>

/** Folders, files and images; what a server has when it is given no others. */
export const contentTypes: ContentTypes = {
  Folder: { container: true },
  File: { fields: ['file'] },
  Image: { fields: ['image'] },
}

/** Looks a type up by a name that came from a client. */
export function typeNamed(types: ContentTypes, name: string): ContentType | null {
  return Object.hasOwn(types, name) ? (types[name] ?? null) : null
}

/** The type of an object that an upload makes: as wished for, else by its media type. */
export function typeForUpload(
  types: ContentTypes,
  wish: { readonly type: string | null; readonly mediaType: string },
): string {
  if (wish.type === null) return /^image\//i.test(wish.mediaType) ? 'Image' : 'File'
  if (typeNamed(types, wish.type) !== null) return wish.type
  throw new UploadError('malformed_request', `@type: there is no type called "${wish.type}"`)
}

/**
 * The field that an upload fills: the one wished for, else the primary one. Refuses an unknown field,
 * and any wish for what has no fields at all.
 */
export function fieldToFill(fields: readonly string[], wish: string | null): string {
  const [primary] = fields
  if (primary === undefined) {
    throw new UploadError('malformed_request', 'this type of content has no field for an upload')
  }
  if (wish === null || fields.includes(wish)) return wish ?? primary
  throw new UploadError('malformed_request', `fieldname: there is no field called "${wish}"`)
}
