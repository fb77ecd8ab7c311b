import type { UploadsOptions, WithUploads } from '@tusker/adapter-node'
import {
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

export { closeServer } from '@tusker/adapter-node'

/**
 * Koa middleware of an upload server, or of a layer around one. Use it before anything that reads
 * bodies: at the root, mounted at a path, or in a route of a router. The server's `path` is looked for
 * below that. Requests for other paths go on to the next middleware. Middleware before it sees status
 * and headers as Koa's own.
 *
 * An unexpected error is emitted on the application once; its client gets the upload server's answer.
 *
 * It takes an upload server or a layer around one. Or it takes the options of one, creates the server,
 * and returns it as `uploads`:
 *
 * ```ts
 * app.use(koaUploads({ path: '/files', directory: './uploads' }))
 * ```
 *
 * @throws TypeError when it is given neither, or an option is not valid
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
    prepareServerOf(ctx.req)
    const mount = mountedAt(uploads, ctx)
    if (mount === null) {
      await next()
      return
    }

    const request = await toHttpRequest(ctx.req, ctx.res, { ...mount, context: ctx })
    const response = await uploads.handle(request)
    if (isClosing(ctx.req)) ctx.res.shouldKeepAlive = false
    if (response.cause !== undefined) ctx.app.emit('error', response.cause, ctx)
    answer(ctx, response)
  }
  return withUploads(middleware, uploads)
}

function answer(ctx: Context, { status, headers, body }: HttpResponse): void {
  ctx.body = typeof body === 'object' ? Readable.from(body, { objectMode: false }) : (body ?? null)
  // After the body: Koa makes a 204 of an empty one, and finds it a type of its own.
  ctx.status = status
  ctx.remove('Content-Type')
  ctx.set({ ...headers })
}
