import type { Mount } from '@tusker/adapter-node'
import { mountOf, pathOf } from '@tusker/adapter-node'
import type { RequestHandler } from '@tusker/core'
import type { Context } from 'koa'

/** Where `uploads` is, seen from this request; null when the request is none of its business. */
export function mountedAt(uploads: RequestHandler<Context>, ctx: Context): Mount | null {
  return mountOf(uploads, ctx.url, ctx.originalUrl) ?? belowRoute(uploads, ctx)
}

/**
 * `koa-mount` takes its part off the path. `@koa/router` leaves the path whole, and tells which of its
 * routes it was: a prefix is one of the places where the beginning of that could end.
 */
function belowRoute(uploads: RequestHandler<Context>, ctx: Context): Mount | null {
  const route: unknown = ctx['_matchedRoute']
  const path = pathOf(ctx.originalUrl)
  if (typeof route !== 'string' || path === null) return null
  const literal = /^[^:*({[]*/.exec(route)?.[0] ?? ''
  for (let at = literal.indexOf('/', 1); at !== -1; at = literal.indexOf('/', at + 1)) {
    const below = path.slice(at)
    if (uploads.matches(below)) return { path: below, prefix: path.slice(0, at) }
  }
  return null
}
