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

export { closeServer } from '@tusker/adapter-node'

/** What hooks get as `context`: Express's own, with whatever middleware before has put there. */
export interface ExpressContext {
  readonly req: Request
  readonly res: Response
}

/**
 * Express middleware of an upload server, or of a layer around one. Mount it with `app.use`, before
 * anything that reads bodies, at the root or at a path: the server's `path` is looked for below that.
 * Requests for other paths go on to what comes next.
 *
 * An unexpected error reaches the error handlers once. Its client has been answered by then, since
 * clients need an answer they can go on from, so they find `res.headersSent`.
 *
 * It takes an upload server or a layer around one. Or it takes the options of one, creates the server,
 * and returns it as `uploads`:
 *
 * ```ts
 * app.use(expressUploads({ path: '/files', directory: './uploads' }))
 * ```
 *
 * @throws TypeError when it is given neither, or an option is not valid
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
    prepareServerOf(req)
    const mount = mountOf(uploads, req.url, req.originalUrl)
    if (mount === null) {
      next()
      return
    }
    toHttpRequest(req, res, { ...mount, context: { req, res } })
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
