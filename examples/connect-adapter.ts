import {
  prepareServerOf,
  assertHandler,
  mountOf,
  sendHttpResponse,
  toHttpRequest,
} from '@tusker/adapter-node'
import type { RequestHandler } from '@tusker/core'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** What routers of this kind add: the target as it came, when they cut a mount off `url`. */
export interface ConnectRequest extends IncomingMessage {
  readonly originalUrl?: string | undefined
}

/** What hooks get. */
export interface ConnectContext {
  readonly req: ConnectRequest
  readonly res: ServerResponse
}

export type Next = (error?: unknown) => void
export type Middleware = (req: ConnectRequest, res: ServerResponse, next: Next) => void

/** Middleware of an upload server for frameworks in the manner of Connect. */
export function connectUploads(uploads: RequestHandler<ConnectContext>): Middleware {
  assertHandler(uploads)
  return (req, res, next) => {
    prepareServerOf(req)
    const mount = mountOf(uploads, req.url, req.originalUrl ?? req.url)
    if (mount === null) {
      next()
      return
    }
    toHttpRequest(req, res, { ...mount, context: { req, res } })
      .then(async (request) => {
        const response = await uploads.handle(request)
        await sendHttpResponse(req, res, response)
        // The client has its answer; this is for whoever logs.
        if (response.cause !== undefined) next(response.cause)
      })
      .catch(next)
  }
}
