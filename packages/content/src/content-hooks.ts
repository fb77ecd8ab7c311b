import type { Awaitable, UploadInfo } from '@tusker/core'
import type { Principal } from './access/access.ts'
import type { ContentPath } from './paths/content-path.ts'
import type { ContentObject } from './tree/content-tree.ts'

/** The cause of a change. */
export interface Author {
  /** The user. Null for a client that is not signed in. */
  readonly principal: Principal | null
  /** The upload that caused the change; absent for other changes. */
  readonly upload: UploadInfo | null
}

/** An object that is about to appear. */
export interface ContentDraft {
  readonly container: ContentPath
  readonly type: string
  readonly title: string | null
}

/**
 * Hooks of an application for changes of content. The completion of an upload, its content and its hooks are
 * one unit of work: if a hook throws or the process dies, the next request or sweep runs all of it again. So a
 * hook may be called more than once for one object.
 */
export interface ContentHooks {
  /**
   * Called before an object appears. It may return another title. To reject an upload permanently, throw
   * an `UploadError` with the code `rejected`.
   */
  beforeAdd?(draft: ContentDraft, author: Author): Awaitable<{ readonly title?: string } | void>
  /** Called after an object has appeared in its container. */
  added?(object: ContentObject, author: Author): Awaitable<void>
  /** Called after a field of an object was replaced. */
  modified?(object: ContentObject, author: Author): Awaitable<void>
  /** Called after an object was removed with everything below it. */
  removed?(object: ContentObject, author: Author): Awaitable<void>
}
