import { isContentId } from './content-id.ts'

/**
 * The place of a content object in its tree: the decoded ids on the way to it, each after a slash. The
 * root is `/`. A client's spelling of it is percent-encoded; see `parseContentPath`.
 */
export type ContentPath = string

/** The ids on the way to an object, none for the root. */
export function idsOf(path: ContentPath): readonly string[] {
  return path === '/' ? [] : path.slice(1).split('/')
}

/** The path of a child. */
export function childPath(parent: ContentPath, id: string): ContentPath {
  return parent === '/' ? `/${id}` : `${parent}/${id}`
}

/** The path of the container that holds an object; null for the root. */
export function parentPath(path: ContentPath): ContentPath | null {
  if (path === '/') return null
  return path.slice(0, path.lastIndexOf('/')) || '/'
}

/** A path as part of a URL. Empty for the root, so that it can follow any mount path. */
export function encodeContentPath(path: ContentPath): string {
  return idsOf(path)
    .map((id) => `/${encodeURIComponent(id)}`)
    .join('')
}

/**
 * Reads the percent-encoded rest of a URL's path as the path of a content object. A trailing slash is
 * allowed. Null for a text that cannot be an object's path, with a segment that is empty, `.` or `..`, that decodes
 * to a slash, a backslash or a control character, or that is not UTF-8.
 */
export function parseContentPath(encoded: string): ContentPath | null {
  const ids: string[] = []
  for (const segment of segmentsOf(encoded)) {
    const id = decodeSegment(segment)
    if (id === null || !isContentId(id)) return null
    ids.push(id)
  }
  return `/${ids.join('/')}`
}

/** The segments of a percent-encoded path, still encoded, a trailing slash ignored. */
export function segmentsOf(encoded: string): readonly string[] {
  const path = encoded.endsWith('/') ? encoded.slice(0, -1) : encoded
  return path === '' ? [] : path.slice(1).split('/')
}

/** Decodes one segment once; null when it is not percent-encoded UTF-8. */
export function decodeSegment(segment: string): string | null {
  try {
    // One object, one name: clients of some systems send the decomposed form of a letter.
    return decodeURIComponent(segment).normalize('NFC')
  } catch {
    return null
  }
}
