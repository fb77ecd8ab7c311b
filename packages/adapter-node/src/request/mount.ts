import type { RequestHandler } from '@tusker/core'
import { pathOf } from './path.ts'

/** Where a handler is, seen from a request that a framework's router has passed on. */
export interface Mount {
  readonly path: string
  readonly prefix: string
}

/**
 * Tells the path that a handler knows a request by: the one that the router left, below its mount, or
 * the whole one, for a handler whose own path counts the mount in. Null when neither is its business.
 *
 * @param left - the request's target as the router left it
 * @param whole - the request's target as it came
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
  // Rewritten on its way: where it came from cannot be told, but where it was sent.
  return prefix === null && handler.matches(below) ? { path: below, prefix: '' } : null
}

/** What a router cut off; null when it made something else of the path. */
function prefixOf(path: string, below: string): string | null {
  // Of `/files` mounted at `/files` routers leave a slash that was never there.
  if (below === '/' && !path.endsWith('/')) return path
  return path.endsWith(below) ? path.slice(0, path.length - below.length) : null
}
