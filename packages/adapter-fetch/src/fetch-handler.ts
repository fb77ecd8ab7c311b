import type {
  RequestHandler,
  UploadMetadata,
  UploadServer,
  UploadServerOptions,
} from '@tusker/core'
import { checkOptions, createUploadServer, optionRules } from '@tusker/core'
import { printError } from './print-error.ts'
import { assertUnread, requestBody } from './request-body.ts'
import { toResponse } from './response.ts'

/**
 * Answers a request of the fetch API. Hooks get `context`. It is optional if the context of the hooks is the
 * request itself.
 */
export type FetchHandler<Context> = (
  request: Request,
  ...context: Request extends Context ? [context?: Context] : [context: Context]
) => Promise<Response>

/** The options of a fetch handler. */
export interface FetchOptions<Context> {
  /** The part of the path before the server's `path`, if a router did not remove it: `/api`. */
  readonly prefix?: string
  /** Returns the address of the client or proxy that opened the connection, for `trustProxy`. */
  readonly remoteAddress?: (request: Request, context: Context) => string | null
  /**
   * Receives each unexpected error once. The client gets no details. By default the error is printed to
   * `console.error` with the request, and with the hook that threw it.
   */
  readonly onError?: (error: unknown, request: Request) => void
}

/**
 * Mounts an upload server on a host whose requests are those of the fetch API: Hono, Next.js, SvelteKit,
 * Bun, Deno, Workers. The response to a path that does not belong to the server is 404.
 *
 * Pass an upload server or a wrapper around one. Or pass the options of an upload server: then the function
 * creates the server and returns it as `uploads`:
 *
 * ```ts
 * const handler = fetchHandler({ path: '/files', store })
 * ```
 *
 * @throws Error when other code has read the body before
 */
export function fetchHandler<Context = Request>(
  uploads: RequestHandler<Context>,
  options?: FetchOptions<Context>,
): FetchHandler<Context>
export function fetchHandler<Context = Request, Values = UploadMetadata>(
  uploads: UploadServerOptions<Context, Values>,
  options?: FetchOptions<Context>,
): FetchHandler<Context> & {
  /** The upload server that was created, for `close`, `sweep` and `remove`. */
  readonly uploads: UploadServer<Context>
}
export function fetchHandler<Context, Values>(
  given: RequestHandler<Context> | UploadServerOptions<Context, Values>,
  options: FetchOptions<Context> = {},
): FetchHandler<Context> & { readonly uploads: UploadServer<Context> } {
  checkOptions('fetchHandler', options, RULES)
  const handler = 'path' in given ? createUploadServer(given) : given
  const { onError = printError } = options
  const answer: FetchHandler<Context> = async (request, ...[context = request]) => {
    // The type makes the context optional only if it can be a request.
    const known = context as Context
    const path = pathBelow(options.prefix ?? '', request)
    if (path === null || !handler.matches(path)) return new Response(null, { status: 404 })
    assertUnread(request)
    const body = requestBody(request)
    const response = await handler.handle({
      method: request.method,
      path,
      query: new URL(request.url).search.slice(1),
      prefix: options.prefix ?? '',
      body,
      context: known,
      headers: request.headers,
      signal: request.signal,
      remoteAddress: options.remoteAddress?.(request, known) ?? null,
    })
    body.discardRest()
    if (response.cause !== undefined) onError(response.cause, request)
    return toResponse(request.method, response)
  }
  // Only the overload for options, which creates a server, shows this property.
  return Object.assign(answer, { uploads: handler as UploadServer<Context> })
}

const RULES = {
  prefix: {
    allowed: "a path such as '/api', or an empty text",
    accepts: (value: unknown) =>
      typeof value === 'string' && (value === '' || value.startsWith('/')),
  },
  remoteAddress: optionRules.callback,
  onError: optionRules.callback,
}

function pathBelow(prefix: string, request: Request): string | null {
  const { pathname } = new URL(request.url)
  const path = pathname.slice(prefix.length)
  return pathname.startsWith(prefix) && path.startsWith('/') ? path : null
}
