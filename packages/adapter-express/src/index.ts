import type { UploadsOptions, WithUploads } from '@tusker/adapter-node'
import {
  mountOf,
  prepareServerOf,
  sendHttpResponse,
  toHttpRequest,
  uploadServerOf,
  withUploads,
} from '@tusker/adapter-node'
import type { RequestHandler as UploadHandler, UploadMetadata } from '@tusker/core'
import type { Request, RequestHandler, Response } from 'express'
import { whenOver } from './when-over.ts'

export { closeServer, resumable } from '@tusker/adapter-node'
export type { Resumable } from '@tusker/adapter-node'

/** The `context` of hooks: the objects of Express, with the values that earlier middleware has set. */
export interface ExpressContext {
  readonly req: Request
  readonly res: Response
}

/**
 * Express middleware of an upload server, or of a wrapper around one. Mount it with `app.use` before
 * middleware that reads bodies, at the root or at a path. The `path` of the server is relative to that path.
 * Express passes requests for other paths to the next middleware.
 *
 * Express calls the error handlers once for an unexpected error. The client has its response by then, because
 * it needs one from which it can resume, so `res.headersSent` is true.
 *
 * Pass an upload server or a wrapper around one. Or pass the options of an upload server: then the function
 * creates the server and returns it as `uploads`:
 *
 * ```ts
 * app.use(expressUploads({ path: '/files', directory: './uploads' }))
 * ```
 *
 * @throws TypeError when the argument is neither, or an option is not valid
 */
export function expressUploads(uploads: UploadHandler<ExpressContext>): RequestHandler
export function expressUploads<Values = UploadMetadata>(
  uploads: UploadsOptions<ExpressContext, Values>,
): RequestHandler & WithUploads<ExpressContext>
export function expressUploads<Values>(
  given: UploadHandler<ExpressContext> | UploadsOptions<ExpressContext, Values>,
): RequestHandler & WithUploads<ExpressContext> {
  const uploads = uploadServerOf(given)
  const middleware: RequestHandler = (req, res, next) => {
    prepareServerOf(req, res)
    const mount = mountOf(uploads, req.url, req.originalUrl)
    if (mount === null) {
      next()
      return
    }
    toHttpRequest(req, res, { path: mount.path, prefix: mount.prefix, context: { req, res } })
      .then(async (request) => {
        const response = await uploads.handle(request)
        await sendHttpResponse(req, res, response)
        // Error handlers may cut the connection of a response that has begun.
        if (response.cause !== undefined) whenOver(req, res, () => next(response.cause))
      })
      .catch(next)
  }
  return withUploads(middleware, uploads)
}
