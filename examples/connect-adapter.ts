import type { UploadsOptions } from '@tusker/adapter-node'
import {
  mountOf,
  prepareServerOf,
  sendHttpResponse,
  toHttpRequest,
  uploadServerOf,
} from '@tusker/adapter-node'
import type { RequestHandler, UploadMetadata } from '@tusker/core'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** A request of such a router. It keeps the whole URL when it removes a mount path from `url`. */
export interface ConnectRequest extends IncomingMessage {
  readonly originalUrl?: string | undefined
}

/** The context of hooks. */
export interface ConnectContext {
  readonly req: ConnectRequest
  readonly res: ServerResponse
}

export type Next = (error?: unknown) => void
export type Middleware = (req: ConnectRequest, res: ServerResponse, next: Next) => void

/** Middleware for frameworks like Connect: of an upload server, or of the options of one. */
export function connectUploads<Values = UploadMetadata>(
  given: RequestHandler<ConnectContext> | UploadsOptions<ConnectContext, Values>,
): Middleware {
  const uploads = uploadServerOf(given)
  return (req, res, next) => {
    prepareServerOf(req, res)
    const mount = mountOf(uploads, req.url, req.originalUrl ?? req.url)
    if (mount === null) {
      next()
      return
    }
    toHttpRequest(req, res, { ...mount, context: { req, res } })
      .then(async (request) => {
        const response = await uploads.handle(request)
        await sendHttpResponse(req, res, response)
        // The client has its response. This is for error reporting.
        if (response.cause !== undefined) next(response.cause)
      })
      .catch(next)
  }
}
