import type { StoreWith, UrlPolicy } from '@tusker/core'
import type { ContentAccess } from './access/access.ts'
import type { ContentHooks } from './content-hooks.ts'
import type { ContentTypes } from './content-types.ts'
import type { ContentTree } from './tree/content-tree.ts'

/** A store whose completed uploads can be read, and optionally linked as files. */
export type ContentStore = StoreWith<'read'> & {
  /** Makes the bytes of a completed upload appear at `path` without copying them. */
  exportTo?(id: string, path: string): Promise<unknown>
}

/** The dependencies of the parts of a content server. */
export interface Ports<Context = never> {
  readonly tree: ContentTree
  readonly store: ContentStore
  readonly access: ContentAccess<Context>
  readonly types: ContentTypes
  readonly hooks: ContentHooks
  readonly urls: UrlPolicy
}
