/** What the page shows: a folder, or the list of unfinished uploads. */
export type Route =
  | { readonly view: 'folder'; readonly path: readonly string[] }
  | { readonly view: 'live' }

/** The address of the list of unfinished uploads. The address of a folder begins with a slash. */
export const LIVE_HREF = '#uploads'

/** Reads the fragment of an address. */
export function parseRoute(fragment: string): Route {
  if (fragment === LIVE_HREF) return { view: 'live' }
  return { view: 'folder', path: pathOf(fragment.replace(/^#/, '')).map(decoded) }
}

/** The address of a folder. */
export function folderHref(path: readonly string[]): string {
  return `#/${path.map(encodeURIComponent).join('/')}`
}

/** The path of ids in a content path such as `/a/b`. */
export function pathOf(contentPath: string): string[] {
  return contentPath.split('/').filter((segment) => segment !== '')
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
