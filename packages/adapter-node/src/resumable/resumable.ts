import type { HeaderFields, ResumableOptions } from '@tusker/core'
import { resumableRoutes } from '@tusker/core'
import type { IncomingMessage, RequestListener } from 'node:http'
import type { NodeContext, NodeListener } from '../node-handler.ts'
import { nodeHandler } from '../node-handler.ts'
import { pathOf } from '../request/path.ts'
import { replay } from './replay.ts'

/** An application whose routes are resumable. */
export interface Resumable {
  /** For `createServer`, in place of the application's own. */
  readonly listener: NodeListener
  /** Ends uploads in an orderly way; see `UploadServer`. */
  close(): Promise<void>
}

/**
 * Makes the routes of an application resumable: `app` of Express, `app.callback()` of Koa, the handler of
 * Fastify's `serverFactory`, or any listener. A client of the IETF draft that sends `Upload-Complete`
 * can resume its request. The application gets it once, as a whole, when all of its content is there. Any
 * other request goes to the application as before.
 *
 * A response to a resumable request must be text of at most 256 KiB, since it is kept for a client that
 * lost it. One with a status of 500 or more is not kept, and the client may complete the upload again.
 */
export function resumable(app: RequestListener, options: ResumableOptions): Resumable {
  const routes = resumableRoutes<NodeContext>(options, {
    describe: ({ req }) => ({
      method: req.method ?? 'GET',
      target: req.url ?? '/',
      headers: fieldsOf(req),
    }),
    answer: (request) => replay(app, request),
  })
  const uploads = nodeHandler(routes)

  function listener(req: IncomingMessage, res: NodeContext['res']): void {
    const path = pathOf(req.url)
    const headers = { get: (name: string) => fieldsOf(req)[name] ?? null }
    if (path !== null && routes.wants(req.method ?? 'GET', path, headers)) uploads(req, res)
    else app(req, res)
  }

  // Requests of HTTP/2 look like those of HTTP/1.
  return { listener: listener as NodeListener, close: routes.close }
}

function fieldsOf({ headers }: IncomingMessage): HeaderFields {
  const fields: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !name.startsWith(':')) fields[name] = [value].flat().join(', ')
  }
  return fields
}
