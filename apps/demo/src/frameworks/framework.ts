import type { RequestHandler } from '@tusker/core'
import type { RequestListener, Server } from 'node:http'

/**
 * Mounts the demo in a framework. `wrap` wraps the listener that the framework makes, so that all
 * frameworks log requests in the same way. The server is prepared for uploads, and does not listen yet.
 */
export type Framework = (
  demo: RequestHandler,
  wrap: (listener: RequestListener) => RequestListener,
) => Server | Promise<Server>
