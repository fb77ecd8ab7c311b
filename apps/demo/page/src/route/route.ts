import type { ReadonlySignal } from '@preact/signals'
import { computed, signal } from '@preact/signals'

/** Where the page is: in a folder, or at the list of unfinished uploads. */
export type Route =
  | { readonly view: 'folder'; readonly path: readonly string[] }
  | { readonly view: 'live' }

const hash = signal(location.hash)
addEventListener('hashchange', () => {
  hash.value = location.hash
})

/** The address says it all, so that a reload stays where it was. */
export const route: ReadonlySignal<Route> = computed(() => parseRoute(hash.value))

export const LIVE_HREF = '#uploads'

/** Reads the fragment of an address. */
export function parseRoute(fragment: string): Route {
  if (fragment === LIVE_HREF) return { view: 'live' }
  const path = fragment
    .replace(/^#/, '')
    .split('/')
    .filter((segment) => segment !== '')
    .map(decoded)
  return { view: 'folder', path }
}

/** The address of a folder. */
export function folderHref(path: readonly string[]): string {
  return `#/${path.map(encodeURIComponent).join('/')}`
}

/** The path of ids in a decoded content path such as `/a/b`. */
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
