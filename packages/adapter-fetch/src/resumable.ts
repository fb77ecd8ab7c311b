import type { FinalResponse, ReplayedRequest, ResumableOptions } from '@tusker/core'
import { resumableRoutes } from '@tusker/core'
import { fetchHandler } from './fetch-handler.ts'

/** An application whose routes are resumable. */
export interface ResumableFetch {
  /** Use it instead of the `fetch` of the application. */
  readonly fetch: (request: Request) => Promise<Response>
  /** Shuts the upload server down; see `UploadServer`. */
  close(): Promise<void>
}

/** The most bytes of a response, because the store keeps it with the upload. */
const MAX_BODY = 256 * 1024

/**
 * Makes the routes of an application resumable, such as `app.fetch` of Hono. A client of the IETF draft
 * that sends `Upload-Complete` can resume its request. The application gets it once, as a whole, when all
 * of its content is there. Any other request goes to the application as before.
 *
 * A response to a resumable request must be text of at most 256 KiB, since it is kept for a client that
 * lost it. One with a status of 500 or more is not kept, and the client may complete the upload again.
 */
export function resumableFetch(
  app: (request: Request) => Response | Promise<Response>,
  options: ResumableOptions,
): ResumableFetch {
  const routes = resumableRoutes<Request>(options, {
    describe: ({ method, url, headers }) => ({
      method,
      target: url,
      headers: Object.fromEntries(headers),
    }),
    answer: async (request) => kept(await app(requestOf(request))),
  })
  const uploads = fetchHandler<Request>(routes)
  return {
    async fetch(request) {
      const { pathname } = new URL(request.url)
      return routes.wants(request.method, pathname, request.headers)
        ? uploads(request)
        : app(request)
    },
    close: routes.close,
  }
}

function requestOf({ method, target, headers, body }: ReplayedRequest): Request {
  const chunks = body[Symbol.asyncIterator]()
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const result = await chunks.next()
      if (result.done === true) controller.close()
      else controller.enqueue(result.value)
    },
    async cancel() {
      await chunks.return?.()
    },
  })
  // Required for streams, and missing in the types of some hosts.
  const init: RequestInit & { readonly duplex: 'half' } = {
    method,
    headers,
    body: stream,
    duplex: 'half',
  }
  return new Request(target, init)
}

async function kept(response: Response): Promise<Required<FinalResponse>> {
  const bytes = await response.arrayBuffer()
  if (bytes.byteLength > MAX_BODY) {
    throw new Error(`the response of a resumable route has more than ${MAX_BODY} bytes`)
  }
  const headers = new Headers(response.headers)
  headers.delete('content-length')
  return {
    status: response.status,
    headers: Object.fromEntries(headers),
    body: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
  }
}
