import type { RequestHandler } from '@tusker/core'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { adoptServer, serverOf } from './host-server.ts'
import { pathOf } from './path.ts'
import { toHttpRequest } from './request.ts'
import { sendHttpResponse } from './response.ts'

/** What hooks get as `context`. */
export interface NodeContext {
  readonly req: IncomingMessage
  readonly res: ServerResponse
}

/** How a handler is mounted. */
export interface NodeHandlerOptions {
  /** Gets requests for other paths. They are answered 404 by default. */
  readonly otherwise?: RequestListener
  /** Told once of each unexpected error. The client was told no details. Nobody is by default. */
  readonly onError?: (error: unknown, req: IncomingMessage) => void
}

/**
 * Makes a listener for `http.createServer` or `https.createServer` of an upload server, or of a layer
 * around one. The server it serves is prepared by `adoptServer`.
 */
export function nodeHandler(
  handler: RequestHandler<NodeContext>,
  options: NodeHandlerOptions = {},
): RequestListener {
  const { otherwise = notFound, onError } = options

  async function answer(req: IncomingMessage, res: ServerResponse, path: string): Promise<void> {
    const request = await toHttpRequest(req, res, { path, prefix: '', context: { req, res } })
    const response = await handler.handle(request)
    if (response.cause !== undefined) onError?.(response.cause, req)
    await sendHttpResponse(req, res, response)
  }

  return (req, res) => {
    const server = serverOf(req)
    if (server !== null) adoptServer(server, (path) => handler.matches(path))
    const path = pathOf(req.url)
    if (path === null || !handler.matches(path)) {
      otherwise(req, res)
      return
    }
    answer(req, res, path).catch((error: unknown) => {
      onError?.(error, req)
      if (res.headersSent) res.destroy()
      else res.writeHead(500, { 'content-length': 0 }).end()
    })
  }
}

function notFound(_req: IncomingMessage, res: ServerResponse): void {
  res.writeHead(404, { 'content-type': 'text/plain', 'content-length': 10 }).end('not found\n')
}
