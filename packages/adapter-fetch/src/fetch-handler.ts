import type { HttpRequest, RequestHandler } from '@tusker/core'
import { assertUnread, chunksOf } from './request-body.ts'
import { toResponse } from './response.ts'

/** Answers a request of the fetch API. `context` reaches hooks; without one they get the request. */
export type FetchHandler<Context> = (request: Request, context?: Context) => Promise<Response>

/** How a fetch handler is mounted. */
export interface FetchOptions<Context> {
  /** What a router in front leaves on the path although the server's `path` does not count it: `/api`. */
  readonly prefix?: string
  /** The address of whoever opened the connection, where the host tells it; for `trustProxy`. */
  readonly remoteAddress?: (request: Request, context: Context) => string | null
}

/**
 * Mounts an upload server, or a layer around one, where requests are those of the fetch API: Hono,
 * Next.js, SvelteKit, Bun, Deno, Workers. Paths that are none of its business are answered 404.
 *
 * @throws Error when the body was read by somebody else before
 */
export function fetchHandler<Context = Request>(
  handler: RequestHandler<Context>,
  options: FetchOptions<Context> = {},
): FetchHandler<Context> {
  return async (request, context = request as Context) => {
    const wrapped = toHttpRequest(request, context, options)
    if (wrapped === null || !handler.matches(wrapped.path))
      return new Response(null, { status: 404 })
    assertUnread(request)
    return toResponse(request.method, await handler.handle(wrapped))
  }
}

function toHttpRequest<Context>(
  request: Request,
  context: Context,
  { prefix = '', remoteAddress }: FetchOptions<Context>,
): HttpRequest<Context> | null {
  const { pathname } = new URL(request.url)
  if (!pathname.startsWith(prefix)) return null
  return {
    method: request.method,
    path: pathname.slice(prefix.length),
    prefix,
    headers: request.headers,
    body: chunksOf(request),
    signal: request.signal,
    context,
    remoteAddress: remoteAddress?.(request, context) ?? null,
  }
}
