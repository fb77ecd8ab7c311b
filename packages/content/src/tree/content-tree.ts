import type { ContentPath } from '../paths/content-path.ts'
import type { ContentName } from '../paths/names.ts'

/** Bytes that stay readable for one reader, also after the object was replaced or removed. */
export interface OpenBlob {
  /** The bytes from `start` up to, not including, `end`. */
  read(start: number, end: number): AsyncIterable<Uint8Array>
  /** Releases the bytes. Called for every open blob, also when nothing was read, and perhaps twice. */
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
  /** A strong entity tag with its quotes. Two contents of one URL never share it. */
  readonly etag: string
  /** Null when the bytes were replaced or removed since the object was found: find it again. */
  open(): Promise<OpenBlob | null>
}

/** A content object at the moment when it was found. */
export interface ContentObject {
  readonly path: ContentPath
  /** The last segment of the path; empty for the root. */
  readonly id: string
  /** Distinguishes the object from an earlier or later one at the same path. */
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
  /** The field that the object's own URL serves; null when it has none. */
  readonly primaryField: string | null
}

/** The source of a new blob's bytes. */
export interface BlobSource {
  /** Bytes. */
  readonly length: number
  /** All of the bytes. Called again for a second attempt. */
  read(): AsyncIterable<Uint8Array>
  /**
   * Makes the bytes appear at `path`, a file that does not exist yet, without a copy. Absent where the
   * bytes are not in a file. It may also throw, for example across file systems.
   */
  readonly exportTo?: (path: string) => Promise<void>
}

/** A new content of a blob field. */
export interface NewBlob {
  readonly field: string
  readonly mediaType: string
  /** Null keeps the current name of the field. */
  readonly fileName: string | null
  readonly source: BlobSource
  /** The id of the upload. Adding the same upload a second time must change nothing. */
  readonly upload: string
}

/** A new content object. */
export interface NewContent {
  /** The names to try, in order, until the id of one is free. */
  readonly names: Iterable<ContentName>
  readonly type: string
  readonly container: boolean
  readonly primaryField: string | null
  readonly blob: NewBlob | null
}

/**
 * The result of adding an object. `taken`: none of the given ids was free. `no_container`: the
 * container is not there. `too_deep`: the path would be longer than the tree can store.
 */
export type Added =
  | { readonly kind: 'added'; readonly object: ContentObject }
  | { readonly kind: 'taken' }
  | { readonly kind: 'no_container' }
  | { readonly kind: 'too_deep' }

/**
 * Content objects in a tree of containers. It knows no HTTP and no rights.
 *
 * Readers see an object whole or not at all, and a replaced field with either its old or its new
 * content, also after a crash at any moment. `add` and `replace` are idempotent for each upload: a
 * caller may repeat them after a crash, and two processes may call them at the same time.
 */
export interface ContentTree {
  /** Null when nothing is at the path. The root always exists and is a container. */
  find(path: ContentPath): Promise<ContentObject | null>

  /** The children of a container, ordered by id. None when there is no such container. */
  children(path: ContentPath): AsyncIterable<ContentObject>

  /**
   * The ids of the children of a container, in order. A listing then reads only the objects that it shows.
   * Without this ability it reads all children.
   */
  childIds?(path: ContentPath): Promise<readonly string[]>

  /** Makes an object appear in `container`, whole or not at all. */
  add(container: ContentPath, content: NewContent): Promise<Added>

  /** Fills a field of the object that has this `uid`. Null when it is no longer at the path. */
  replace(path: ContentPath, uid: string, blob: NewBlob): Promise<ContentObject | null>

  /** Removes an object with everything below it. False when it was not there. */
  remove(path: ContentPath): Promise<boolean>

  /** Forgets notes about an upload that will not be added again. */
  settled?(upload: string): Promise<void>

  /** Removes files that crashes left behind. */
  sweep?(): Promise<void>
}
