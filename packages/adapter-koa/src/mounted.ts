import type { Mount } from '@tusker/adapter-node'
import { mountOf, pathOf } from '@tusker/adapter-node'
import type { RequestHandler } from '@tusker/core'
import type { Context } from 'koa'

/** The mount of `uploads` for this request; null if the request is not for `uploads`. */
export function mountedAt(uploads: RequestHandler<Context>, ctx: Context): Mount | null {
  return mountOf(uploads, ctx.url, ctx.originalUrl) ?? belowRoute(uploads, ctx)
}

/**
 * Finds the prefix of a route. `koa-mount` removes its part of the path. `@koa/router` keeps the whole path and
 * sets the route that matched. The prefix ends at one of the slashes in the literal start of that route.
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
