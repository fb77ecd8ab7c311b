import type { NewUpload } from '@tusker/core'
import type { Right } from '../access/access.ts'
import type { ContentPath } from '../paths/content-path.ts'

/** What an upload is for: decided when it is created, recorded with it, and never up to the client. */
export type UploadFacts = {
  /** The container that gains an object, or the object of which a field is replaced. */
  readonly context: ContentPath
  /** What stands in front of the path in URLs given out. */
  readonly base: string
  readonly field: string
} & (
  | { readonly mode: 'create'; readonly type: string }
  | {
      readonly mode: 'replace'
      /** Tells the object from a later one at the same path. */
      readonly uid: string
    }
)

/** Reads what was recorded. Null for an upload that was not made by a content server. */
export function factsOf({ attributes }: Pick<NewUpload, 'attributes'>): UploadFacts | null {
  const { mode, context, base, field, type, uid } = attributes
  if (context === undefined || base === undefined || field === undefined) return null
  if (mode === 'create' && type !== undefined) return { mode, context, base, field, type }
  if (mode === 'replace' && uid !== undefined) return { mode, context, base, field, uid }
  return null
}

/** What somebody needs to be allowed for an upload of this kind. */
export function rightFor(mode: UploadFacts['mode']): Right {
  return mode === 'create' ? 'add' : 'modify'
}
