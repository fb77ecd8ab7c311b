import type { NewUpload } from '@tusker/core'
import type { Right } from '../access/access.ts'
import type { ContentPath } from '../paths/content-path.ts'

/** When the name of new content is taken: give the new content a number, or refuse it. */
export type ConflictRule = 'number' | 'refuse'

/** Why an upload was created. It is recorded with the upload, where the client cannot change it. */
export type UploadPurpose = {
  /** The container that gains an object, or the object of which a field is replaced. */
  readonly context: ContentPath
  /** The start of the URLs in responses, in front of the content path. */
  readonly base: string
  readonly field: string
} & (
  | { readonly mode: 'create'; readonly type: string; readonly conflict: ConflictRule }
  | {
      readonly mode: 'replace'
      /** Distinguishes the object from a later one at the same path. */
      readonly uid: string
    }
)

/** Reads the recorded purpose. Null for an upload that no content server created. */
export function purposeOf({ attributes }: Pick<NewUpload, 'attributes'>): UploadPurpose | null {
  const { mode, context, base, field, type, uid } = attributes
  if (context === undefined || base === undefined || field === undefined) return null
  if (mode === 'create' && type !== undefined) {
    const conflict = attributes['conflict'] === 'refuse' ? 'refuse' : 'number'
    return { mode, context, base, field, type, conflict }
  }
  if (mode === 'replace' && uid !== undefined) return { mode, context, base, field, uid }
  return null
}

/** The right that an upload for this purpose needs. */
export function rightFor(mode: UploadPurpose['mode']): Right {
  return mode === 'create' ? 'add' : 'modify'
}
