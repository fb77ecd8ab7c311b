import type { RequestHandler } from '@tusker/core'
import type { FastifyInstance, RouteOptions } from 'fastify'

/** The longest delay of a timer in milliseconds: 24 days. */
const NO_TIMEOUT = 2 ** 31 - 1

type Route = Omit<RouteOptions, 'handler'>

/**
 * The option that excludes a route from `@fastify/compress`. That plugin ignores `Cache-Control:
 * no-transform`, and would compress the bytes of a range.
 */
const UNCOMPRESSED = { compress: false }

/**
 * The routes of an upload server: all paths below the prefix of the plugin with all methods, because the
 * upload server decides which methods are possible. A plugin for CORS may already have the OPTIONS route.
 */
export function routesFor(
  app: FastifyInstance,
  uploads: Pick<RequestHandler<never>, 'matches'>,
): readonly Route[] {
  // If the upload server does not use the prefix itself, another route may have it.
  const ownsPrefix = uploads.matches('/') || uploads.matches(app.prefix)
  return (ownsPrefix ? ['/', '/*'] : ['/*']).map((url) => {
    const taken = app.hasRoute({ method: 'OPTIONS', url: `${app.prefix.replace(/\/$/, '')}${url}` })
    const method = app.supportedMethods.filter((each) => each !== 'OPTIONS' || !taken)
    return { method, url, exposeHeadRoute: false, ...UNCOMPRESSED, ...timeout(app) }
  })
}

/** A route cannot remove the limit of the application, so it gets the longest one. */
function timeout({ initialConfig }: FastifyInstance): Pick<Route, 'handlerTimeout'> {
  // Fastify has it since 5.8. No version has it in its types.
  const { handlerTimeout = 0 } = initialConfig as { readonly handlerTimeout?: number }
  return handlerTimeout > 0 ? { handlerTimeout: NO_TIMEOUT } : {}
}
