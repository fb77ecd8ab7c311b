import type { RequestHandler } from '@tusker/core'
import type { FastifyInstance, RouteOptions } from 'fastify'

/** The longest that a timer of Node takes, in milliseconds: 24 days. */
const NO_TIMEOUT = 2 ** 31 - 1

type Route = Omit<RouteOptions, 'handler'>

/**
 * The option by which a route is left out by `@fastify/compress`. That plugin does not heed
 * `Cache-Control: no-transform`, and would compress the bytes of a range.
 */
const UNCOMPRESSED = { compress: false }

/**
 * The routes by which an upload server gets its requests: all below the plugin's prefix, and every
 * method, since which of them are possible is for the upload server to say. OPTIONS may be taken by a
 * plugin for CORS.
 */
export function routesFor(
  app: FastifyInstance,
  uploads: Pick<RequestHandler<never>, 'matches'>,
): readonly Route[] {
  // The prefix itself may have another route, if it is none of ours.
  const ownsPrefix = uploads.matches('/') || uploads.matches(app.prefix)
  return (ownsPrefix ? ['/', '/*'] : ['/*']).map((url) => {
    const taken = app.hasRoute({ method: 'OPTIONS', url: `${app.prefix.replace(/\/$/, '')}${url}` })
    const method = app.supportedMethods.filter((each) => each !== 'OPTIONS' || !taken)
    return { method, url, exposeHeadRoute: false, ...UNCOMPRESSED, ...timeout(app) }
  })
}

/** Routes cannot opt out of a limit that the application has set, only have a longer one. */
function timeout({ initialConfig }: FastifyInstance): Pick<Route, 'handlerTimeout'> {
  // There since Fastify 5.8, and in no version's types.
  const { handlerTimeout = 0 } = initialConfig as { readonly handlerTimeout?: number }
  return handlerTimeout > 0 ? { handlerTimeout: NO_TIMEOUT } : {}
}
