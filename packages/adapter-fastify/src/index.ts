import {
  prepareServerOf,
  assertHandler,
  isClosing,
  mountOf,
  toHttpRequest,
} from '@tusker/adapter-node'
import type { HttpResponse, RequestHandler } from '@tusker/core'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { Readable } from 'node:stream'
import { routesFor } from './routes.ts'

/** What hooks get as `context`. */
export interface FastifyContext {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** What the plugin is registered with. */
export interface FastifyUploadsOptions {
  /** An upload server, or a layer around one. Its `path` is looked for below the plugin's `prefix`. */
  readonly uploads: RequestHandler<FastifyContext>
}

/**
 * A Fastify plugin of an upload server. Register it with `{ uploads }`, and with a `prefix` where the
 * server's path is below one. It takes what no other route below its prefix takes. Bodies reach it
 * unread, whatever their type: that holds for this plugin alone.
 *
 * An unexpected error is logged by Fastify once; its client gets the upload server's answer. The
 * application does not become ready when `uploads` was forgotten.
 */
export const fastifyUploads: FastifyPluginAsync<FastifyUploadsOptions> = async (
  app,
  { uploads },
) => {
  assertHandler(uploads)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null))

  async function handler(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const { raw } = request
    prepareServerOf(raw)
    const mount = mountOf(uploads, below(app.prefix, raw.url), request.originalUrl)
    if (mount === null) return reply.callNotFound()

    const context = { request, reply }
    const response = await uploads.handle(
      await toHttpRequest(raw, reply.raw, { ...mount, context }),
    )
    if (isClosing(raw)) reply.raw.shouldKeepAlive = false
    if (response.cause !== undefined) request.log.error(response.cause)
    const { status, headers, body } = response
    reply.code(status).headers({ ...headers })
    return reply.send(payloadOf(body))
  }

  for (const route of routesFor(app, uploads)) app.route({ ...route, handler })
}

/** What is left of a path by the plugin's prefix, whose segments may be parameters. */
function below(prefix: string, path = ''): string {
  const depth = prefix.replace(/\/$/, '').split('/').length
  return `/${path.split('/').slice(depth).join('/')}`
}

/** As bytes, since Fastify adds a charset to the type of text. */
function payloadOf(body: HttpResponse['body']): Readable | Buffer | undefined {
  if (body === undefined) return undefined
  return typeof body === 'string' ? Buffer.from(body) : Readable.from(body, { objectMode: false })
}
