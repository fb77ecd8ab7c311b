import { UploadError } from '@tusker/core'

/** A type of content objects. */
export interface ContentType {
  /** True when they hold other objects. */
  readonly container?: boolean
  /** The names of their blob fields, the primary one first. */
  readonly fields?: readonly string[]
}

/** The types that content can have, by name. */
export type ContentTypes = Readonly<Record<string, ContentType>>

/** The default types: folders, files and images. */
export const contentTypes: ContentTypes = {
  Folder: { container: true },
  File: { fields: ['file'] },
  Image: { fields: ['image'] },
}

/** Looks a type up by a name that came from a client. */
export function typeNamed(types: ContentTypes, name: string): ContentType | null {
  return Object.hasOwn(types, name) ? (types[name] ?? null) : null
}

/** The type of the object that an upload creates: the requested type, else one by its media type. */
export function typeForUpload(
  types: ContentTypes,
  wish: { readonly type: string | null; readonly mediaType: string },
): string {
  if (wish.type === null) return /^image\//i.test(wish.mediaType) ? 'Image' : 'File'
  if (typeNamed(types, wish.type) !== null) return wish.type
  throw new UploadError('malformed_request', `@type: there is no type called "${wish.type}"`)
}

/**
 * The field that an upload fills: the requested field, else the primary one. Refuses an unknown field, and
 * every upload for a type without fields.
 */
export function fieldToFill(fields: readonly string[], wish: string | null): string {
  const [primary] = fields
  if (primary === undefined) {
    throw new UploadError('malformed_request', 'this type of content has no field for an upload')
  }
  if (wish === null || fields.includes(wish)) return wish ?? primary
  throw new UploadError('malformed_request', `fieldname: there is no field called "${wish}"`)
}
