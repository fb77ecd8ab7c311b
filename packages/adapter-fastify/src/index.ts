import { adoptServerOf, isLast, mountOf, toHttpRequest } from '@tusker/adapter-node'
import type { HttpResponse, RequestHandler } from '@tusker/core'
import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify'
import { Readable } from 'node:stream'

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
 * server's path is below one. It takes every path below the prefix, so give it one of its own, or the
 * whole application. Bodies reach it unread, whatever their type: that holds for this plugin alone.
 *
 * An unexpected error is logged by Fastify once; its client gets the upload server's answer.
 */
export const fastifyUploads: FastifyPluginCallback<FastifyUploadsOptions> = (
  app,
  { uploads },
  done,
) => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null))

  async function handle(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const { raw } = request
    adoptServerOf(raw, (path) => uploads.matches(path.slice(app.prefix.length)))
    const mount = mountOf(uploads, raw.url?.slice(app.prefix.length) || '/', raw.url)
    if (mount === null) return reply.callNotFound()

    const context = { request, reply }
    const response = await uploads.handle(
      await toHttpRequest(raw, reply.raw, { ...mount, context }),
    )
    if (isLast(raw)) reply.raw.shouldKeepAlive = false
    if (response.cause !== undefined) request.log.error(response.cause)
    const { status, headers, body } = response
    reply.code(status).headers({ ...headers })
    return reply.send(payloadOf(body))
  }

  // Every method, since which of them are possible is for the upload server to say; but OPTIONS may be
  // taken by a plugin for CORS.
  for (const url of ['/', '/*']) {
    const taken = app.hasRoute({ method: 'OPTIONS', url: `${app.prefix}${url}` })
    const method = app.supportedMethods.filter((each) => each !== 'OPTIONS' || !taken)
    app.route({ method, url, exposeHeadRoute: false, handler: handle })
  }
  done()
}

/** As bytes, since Fastify adds a charset to the type of text. */
function payloadOf(body: HttpResponse['body']): Readable | Buffer | undefined {
  if (body === undefined) return undefined
  return typeof body === 'string' ? Buffer.from(body) : Readable.from(body, { objectMode: false })
}
