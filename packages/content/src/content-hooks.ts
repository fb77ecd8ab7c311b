import type { Awaitable, UploadInfo } from '@tusker/core'
import type { Principal } from './access/access.ts'
import type { ContentPath } from './paths/content-path.ts'
import type { ContentObject } from './tree/content-tree.ts'

/** Whose doing a change is. */
export interface Author {
  /** Null for somebody who did not have to sign in. */
  readonly principal: Principal | null
  /** The upload that brought it, when it was one. */
  readonly upload: UploadInfo | null
}

/** An object that is about to appear. */
export interface ContentDraft {
  readonly container: ContentPath
  readonly type: string
  readonly title: string | null
}

/**
 * What an application does when content changes. Content that an upload brings is one unit of work
 * with the upload's end: when a hook throws, or the process dies, all of it is done again with the next
 * request or sweep, and a hook may be called more than once for one object.
 */
export interface ContentHooks {
  /**
   * Before an object appears; may give it another title. To refuse an upload for good, throw an
   * `UploadError` with the code `rejected`.
   */
  beforeAdd?(draft: ContentDraft, author: Author): Awaitable<{ readonly title?: string } | void>
  /** After an object has appeared in its container. */
  added?(object: ContentObject, author: Author): Awaitable<void>
  /** After a field of an object was replaced. */
  modified?(object: ContentObject, author: Author): Awaitable<void>
  /** After an object and all it held was removed. */
  removed?(object: ContentObject, author: Author): Awaitable<void>
}
