import type { ContentPath } from '../paths/content-path.ts'

/** Bytes held open for one reader, whatever happens to the object meanwhile. */
export interface OpenBlob {
  /** The bytes from `start` up to, not including, `end`. */
  read(start: number, end: number): AsyncIterable<Uint8Array>
  /** Lets go of them. Also called when nothing was read, and perhaps more than once. */
  close(): Promise<void>
}

/** A named blob of a content object. */
export interface ContentField {
  readonly name: string
  /** Bytes. */
  readonly length: number
  readonly mediaType: string
  readonly fileName: string | null
  readonly modifiedAt: Date
  /** A strong entity tag with its quotes. No two contents of one URL ever share it. */
  readonly etag: string
  /** Null when the bytes were replaced or removed since the object was found: find it again. */
  open(): Promise<OpenBlob | null>
}

/** A content object as it was when it was found. */
export interface ContentObject {
  readonly path: ContentPath
  /** The last segment of the path; empty for the root. */
  readonly id: string
  /** Tells it from an earlier or later object at the same path. */
  readonly uid: string
  /** `Folder`, `File`, `Image` or a type of the application. */
  readonly type: string
  readonly title: string | null
  /** True when it can hold others. */
  readonly container: boolean
  readonly createdAt: Date
  readonly modifiedAt: Date
  /** The fields that hold something. */
  readonly fields: ReadonlyMap<string, ContentField>
  /** The field that the object's own URL stands for; null when it has none. */
  readonly primaryField: string | null
}

/** Where the bytes of a new blob come from. */
export interface BlobSource {
  /** Bytes. */
  readonly length: number
  /** All of the bytes. Called again when what it was for is tried again. */
  read(): AsyncIterable<Uint8Array>
  /**
   * Makes the bytes appear at `path`, a file that does not exist yet, without copying them. Absent
   * where the bytes are in no file; it may also throw, as it does across file systems.
   */
  readonly exportTo?: (path: string) => Promise<void>
}

/** What goes into a blob field. */
export interface NewBlob {
  readonly field: string
  readonly mediaType: string
  /** Null keeps the name that the field has. */
  readonly fileName: string | null
  readonly source: BlobSource
  /** The upload that brings it. Bringing it twice must change nothing the second time. */
  readonly upload: string
}

/** A content object to be. */
export interface NewContent {
  /** The ids to try, in order, until one is free. */
  readonly ids: Iterable<string>
  readonly type: string
  readonly title: string | null
  readonly container: boolean
  readonly primaryField: string | null
  readonly blob: NewBlob | null
}

/**
 * How adding an object went. `taken`: no id of those given was free. `too_deep`: the path would be
 * longer than the place where the tree is kept can take.
 */
export type Added =
  | { readonly kind: 'added'; readonly object: ContentObject }
  | { readonly kind: 'taken' }
  | { readonly kind: 'no_container' }
  | { readonly kind: 'too_deep' }

/**
 * Content objects in a tree of containers. It knows no HTTP and no rights.
 *
 * Others see an object whole or not at all, and a replaced field with its old or its new content,
 * also when the process dies in the middle of anything. `add` and `replace` are idempotent for each
 * upload: they may be asked again after a crash, and by two processes at a time.
 */
export interface ContentTree {
  /** Null when there is nothing at the path. The root is always there and is a container. */
  find(path: ContentPath): Promise<ContentObject | null>

  /** What a container holds, ordered by id. Nothing when there is no such container. */
  children(path: ContentPath): AsyncIterable<ContentObject>

  /** Makes an object appear in `container`, whole or not at all, and says what it is called there. */
  add(container: ContentPath, content: NewContent): Promise<Added>

  /** Fills a field of the object that has this `uid`. Null when it is no longer at the path. */
  replace(path: ContentPath, uid: string, blob: NewBlob): Promise<ContentObject | null>

  /** Removes an object and all it holds. False when it was not there. */
  remove(path: ContentPath): Promise<boolean>

  /** Told that an upload will not be brought again, so that what was noted about it can go. */
  settled?(upload: string): Promise<void>

  /** Removes what crashes left behind. */
  sweep?(): Promise<void>
}
