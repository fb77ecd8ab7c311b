import type { UploadsOptions, WithUploads } from '@tusker/adapter-node'
import {
  endStalled,
  isClosing,
  prepareServerOf,
  toHttpRequest,
  uploadServerOf,
  withUploads,
} from '@tusker/adapter-node'
import type { HttpResponse, RequestHandler, UploadMetadata } from '@tusker/core'
import type { Context, Middleware } from 'koa'
import { Readable } from 'node:stream'
import { mountedAt } from './mounted.ts'

export { closeServer, resumable } from '@tusker/adapter-node'
export type { Resumable } from '@tusker/adapter-node'

/**
 * Koa middleware of an upload server, or of a wrapper around one. Use it before middleware that reads bodies:
 * at the root, mounted at a path, or in a route of a router. The `path` of the server is relative to that.
 * The adapter passes requests for other paths to the next middleware. Outer middleware sees status and
 * headers like those of any response.
 *
 * The adapter emits an unexpected error once on the application. The client gets the response of the server.
 *
 * Pass an upload server or a wrapper around one. Or pass the options of an upload server: then the function
 * creates the server and returns it as `uploads`:
 *
 * ```ts
 * app.use(koaUploads({ path: '/files', directory: './uploads' }))
 * ```
 *
 * @throws TypeError when the argument is neither, or an option is not valid
 */
export function koaUploads(uploads: RequestHandler<Context>): Middleware
export function koaUploads<Values = UploadMetadata>(
  uploads: UploadsOptions<Context, Values>,
): Middleware & WithUploads<Context>
export function koaUploads<Values>(
  given: RequestHandler<Context> | UploadsOptions<Context, Values>,
): Middleware & WithUploads<Context> {
  const uploads = uploadServerOf(given)
  const middleware: Middleware = async (ctx, next) => {
    prepareServerOf(ctx.req, ctx.res)
    const mount = mountedAt(uploads, ctx)
    if (mount === null) {
      await next()
      return
    }

    const { path, prefix } = mount
    const request = await toHttpRequest(ctx.req, ctx.res, { path, prefix, context: ctx })
    const response = await uploads.handle(request)
    if (isClosing(ctx.req)) ctx.res.shouldKeepAlive = false
    if (response.cause !== undefined) ctx.app.emit('error', response.cause, ctx)
    answer(ctx, response)
  }
  return withUploads(middleware, uploads)
}

function answer(ctx: Context, { status, headers, body }: HttpResponse): void {
  if (typeof body === 'object') endStalled(ctx.res)
  ctx.body = typeof body === 'object' ? Readable.from(body, { objectMode: false }) : (body ?? null)
  // After the body, because Koa sets 204 for an empty body and adds a content type to any other.
  ctx.status = status
  ctx.remove('Content-Type')
  ctx.set({ ...headers })
}
