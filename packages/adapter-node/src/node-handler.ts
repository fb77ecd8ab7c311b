import type { RequestHandler, UploadMetadata } from '@tusker/core'
import { checkOptions, optionRules } from '@tusker/core'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import { prepareServerOf } from './server/prepare-server.ts'
import { printError } from './print-error.ts'
import { pathOf } from './request/path.ts'
import { toHttpRequest } from './request/request.ts'
import { sendHttpResponse } from './response/response.ts'
import type { UploadsOptions, WithUploads } from './upload-server-of.ts'
import { uploadServerOf, withUploads } from './upload-server-of.ts'

/** A listener for servers of node:http, node:https and node:http2. */
export type NodeListener = (
  req: IncomingMessage | Http2ServerRequest,
  res: ServerResponse | Http2ServerResponse,
) => void

/** What hooks get as `context`. Over HTTP/2 these are Node's own look-alikes. */
export interface NodeContext {
  readonly req: IncomingMessage
  readonly res: ServerResponse
}

/** How a handler is mounted. */
export interface NodeHandlerOptions {
  /** Gets requests for other paths. They are answered 404 by default. */
  readonly otherwise?: RequestListener
  /**
   * Receives each unexpected error once. The client gets no details. By default the error is printed to
   * `console.error` with the request, and with the hook that threw it.
   */
  readonly onError?: (error: unknown, req: IncomingMessage) => void
  /** Milliseconds after which a download is ended whose client reads nothing. A minute by default. */
  readonly downloadTimeout?: number
}

/**
 * Creates a listener for `createServer` of node:http, node:https or node:http2. It prepares the server
 * that calls it: see `prepareServer`.
 *
 * It takes an upload server or a layer around one. Or it takes the options of one, creates the server,
 * and returns it as `uploads`:
 *
 * ```ts
 * createServer(nodeHandler({ path: '/files', directory: './uploads' })).listen(1080)
 * ```
 *
 * @throws TypeError when it is given neither, or an option is not valid
 */
export function nodeHandler(
  uploads: RequestHandler<NodeContext>,
  options?: NodeHandlerOptions,
): NodeListener
export function nodeHandler<Values = UploadMetadata>(
  uploads: UploadsOptions<NodeContext, Values>,
  options?: NodeHandlerOptions,
): NodeListener & WithUploads<NodeContext>
export function nodeHandler<Values>(
  given: RequestHandler<NodeContext> | UploadsOptions<NodeContext, Values>,
  options: NodeHandlerOptions = {},
): NodeListener & WithUploads<NodeContext> {
  const handler = uploadServerOf(given)
  checkOptions('nodeHandler', options, RULES)
  const { otherwise = notFound, onError = printError, downloadTimeout } = options

  function report(error: unknown, req: IncomingMessage): void {
    try {
      onError(error, req)
    } catch {
      // An error of the listener must not change the response.
    }
  }

  async function answer(req: IncomingMessage, res: ServerResponse, path: string): Promise<void> {
    try {
      const request = await toHttpRequest(req, res, { path, prefix: '', context: { req, res } })
      const response = await handler.handle(request)
      if (response.cause !== undefined) report(response.cause, req)
      await sendHttpResponse(req, res, response, downloadTimeout)
    } catch (error) {
      report(error, req)
      breakOff(res)
    }
  }

  function listener(req: IncomingMessage, res: ServerResponse): void {
    prepareServerOf(req, res)
    const path = pathOf(req.url)
    let isMine: boolean
    try {
      isMine = path !== null && handler.matches(path)
    } catch (error) {
      report(error, req)
      breakOff(res)
      return
    }
    if (path !== null && isMine) void answer(req, res, path)
    else otherwise(req, res)
  }

  // Those of HTTP/2 are used like those of HTTP/1; what they do otherwise is seen to where it matters.
  return withUploads(listener as NodeListener, handler)
}

const RULES = {
  otherwise: optionRules.callback,
  onError: optionRules.callback,
  downloadTimeout: {
    allowed: 'a number of milliseconds from 1 on',
    accepts: (value: unknown) => Number.isSafeInteger(value) && isDelay(Number(value)),
  },
}

/** A timer with a longer delay would fire at once. */
function isDelay(value: number): boolean {
  return value > 0 && value < 2 ** 31
}

function breakOff(res: ServerResponse): void {
  if (res.headersSent) {
    res.destroy()
    return
  }
  // What failed may have been to send another status, whose name would stay.
  res.statusMessage = ''
  res.writeHead(500, { 'content-length': 0 }).end()
}

function notFound(_req: IncomingMessage, res: ServerResponse): void {
  res.writeHead(404, { 'content-type': 'text/plain', 'content-length': 10 }).end('not found\n')
}
