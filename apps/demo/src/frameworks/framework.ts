import type { RequestHandler } from '@tusker/core'
import type { RequestListener, Server } from 'node:http'

/**
 * Mounts the demo in a framework. `wrap` goes around the listener that the framework makes, so that
 * requests are logged alike by all. The server is prepared for uploads, and does not listen yet.
 */
export type Framework = (
  demo: RequestHandler,
  wrap: (listener: RequestListener) => RequestListener,
) => Server | Promise<Server>
