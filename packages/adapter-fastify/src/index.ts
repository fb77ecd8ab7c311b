import type { UploadsOptions } from '@tusker/adapter-node'
import {
  endStalled,
  isClosing,
  mountOf,
  prepareServerOf,
  printError,
  toHttpRequest,
  uploadServerOf,
} from '@tusker/adapter-node'
import type { HttpResponse, RequestHandler, UploadMetadata, UploadServer } from '@tusker/core'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { Readable } from 'node:stream'
import { routesFor } from './routes.ts'

export { closeServer, resumable } from '@tusker/adapter-node'
export type { Resumable } from '@tusker/adapter-node'

/** The `context` of hooks. */
export interface FastifyContext {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/**
 * The options of the plugin: an upload server, or the options of one that the plugin creates. Its
 * `path` is below the `prefix` of the plugin.
 */
export type FastifyUploadsOptions =
  | {
      /** An upload server, or a wrapper around one. */
      readonly uploads: RequestHandler<FastifyContext>
    }
  | UploadsOptions<FastifyContext, UploadMetadata>

/**
 * A Fastify plugin that serves uploads. It receives the requests below its `prefix` that no other route
 * matches. It removes the body parsers, but only for its own routes.
 *
 * ```ts
 * app.register(fastifyUploads, { path: '/files', directory: './uploads' })
 * ```
 *
 * With options the plugin creates the upload server, and closes it when the application closes. With
 * `{ uploads }` the application closes it: see `closeServer`.
 *
 * Fastify logs an unexpected error once; the client gets the response of the upload server. Without a
 * logger, the error is printed to `console.error`. The application does not become ready when an option is missing or not valid.
 */
export const fastifyUploads: FastifyPluginAsync<FastifyUploadsOptions> = async (app, options) => {
  const uploads = uploadServerOf('uploads' in options ? options.uploads : optionsOf(options))
  if (!('uploads' in options)) {
    app.addHook('preClose', () => (uploads as UploadServer<FastifyContext>).close())
  }
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null))

  async function handler(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const { raw } = request
    prepareServerOf(raw, reply.raw)
    const mount = mountOf(uploads, below(app.prefix, raw.url), request.originalUrl)
    if (mount === null) return reply.callNotFound()

    const context = { request, reply }
    const response = await uploads.handle(
      await toHttpRequest(raw, reply.raw, { path: mount.path, prefix: mount.prefix, context }),
    )
    if (isClosing(raw)) reply.raw.shouldKeepAlive = false
    if (response.cause !== undefined) report(request, response.cause)
    const { status, headers, body } = response
    if (typeof body === 'object') endStalled(reply.raw)
    reply.code(status).headers({ ...headers })
    return reply.send(payloadOf(body))
  }

  for (const route of routesFor(app, uploads)) app.route({ ...route, handler })
}

/** Without a logger, Fastify's `log` has methods that do nothing. */
function report(request: FastifyRequest, error: unknown): void {
  const { log } = request
  if (log.error === log.trace) printError(error, request.raw)
  else log.error(error)
}

/** Fastify adds options of its own to those of the plugin. */
function optionsOf<Options extends object>(options: Options): Options {
  const {
    prefix: _prefix,
    logLevel: _logLevel,
    ...own
  } = options as Options & {
    readonly prefix?: unknown
    readonly logLevel?: unknown
  }
  return own as unknown as Options
}

/** The rest of a path after the prefix of the plugin, whose segments can be parameters. */
function below(prefix: string, path = ''): string {
  const depth = prefix.replace(/\/$/, '').split('/').length
  return `/${path.split('/').slice(depth).join('/')}`
}

/** Bytes, because Fastify adds a charset to the media type of text. */
function payloadOf(body: HttpResponse['body']): Readable | Buffer | undefined {
  if (body === undefined) return undefined
  return typeof body === 'string' ? Buffer.from(body) : Readable.from(body, { objectMode: false })
}
