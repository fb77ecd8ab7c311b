import type { RequestHandler } from '@tusker/core'
import { pathOf } from './path.ts'

/** The place of a handler, for a request that a framework's router has passed on. */
export interface Mount {
  readonly path: string
  readonly prefix: string
}

/**
 * Finds the path by which a handler matches a request: the rest of the path below the router's mount, or the
 * whole path when the handler's own path includes the mount. Null when the handler matches neither.
 *
 * @param left - the request target that the router left
 * @param whole - the original request target
 */
export function mountOf(
  handler: Pick<RequestHandler, 'matches'>,
  left: string | undefined,
  whole: string | undefined,
): Mount | null {
  const path = pathOf(whole)
  const below = pathOf(left)
  if (path === null || below === null) return null
  const prefix = prefixOf(path, below)
  if (prefix !== null && handler.matches(below)) return { path: below, prefix }
  if (handler.matches(path)) return { path, prefix: '' }
  // Middleware has rewritten the path: the mount is unknown, so the whole path stands for it.
  return prefix === null && handler.matches(below) ? { path: below, prefix: '' } : null
}

/** The prefix that a router removed; null when the router rewrote the path. */
function prefixOf(path: string, below: string): string | null {
  // For a request of `/files` mounted at `/files`, routers leave a slash that the request did not have.
  if (below === '/' && !path.endsWith('/')) return path
  return path.endsWith(below) ? path.slice(0, path.length - below.length) : null
}
