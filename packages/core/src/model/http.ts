/** Reads a header field by its name and ignores case. The web class `Headers` implements it. */
export interface HeaderReader {
  /** The value of the field, or null if it is absent. The values of several lines are joined by `, `. */
  get(name: string): string | null
}

/** Header fields to send, with lower-case names. */
export type HeaderFields = Readonly<Record<string, string>>

/** The same fields with lower-case names. An application may write them as `X-Name`. */
export function withLowerCaseNames(fields: HeaderFields): HeaderFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]),
  )
}

/**
 * A request as the core reads it. An adapter wraps the request of its host; it does not copy or buffer it.
 *
 * @typeParam Context - the value that the adapter passes to hooks, such as the request of the host
 */
export interface HttpRequest<Context = unknown> {
  readonly method: string
  /** The percent-encoded path without `prefix` and query. The server compares it with its option `path`. */
  readonly path: string
  /** The query without `?`. Absent if there is none, or the host does not report it. */
  readonly query?: string
  /** The part of the path that a router before the adapter removed (`/api`), or an empty string. */
  readonly prefix: string
  readonly headers: HeaderReader
  /**
   * The body as it arrives. If the core stops reading early, the connection must stay open for the response.
   * If the iteration throws, the client has disconnected.
   */
  readonly body: AsyncIterable<Uint8Array>
  /** Aborts when the client disconnects before the response is sent. */
  readonly signal: AbortSignal
  /** The core passes it to hooks and does not use it. */
  readonly context: Context
  /** The address of the client or proxy that opened the connection; null if the host does not report it. */
  readonly remoteAddress: string | null
  /** Sends a 1xx response. Absent if the host cannot send one. */
  readonly inform?: (status: number, headers: HeaderFields) => void
  /** Resolves to the trailer fields after the body has ended. Absent if the host does not report them. */
  readonly trailers?: () => Promise<HeaderReader>
}

// A record and not a list, so that a new field of `HttpRequest` does not compile until it is copied as well.
const REQUEST_FIELDS: Readonly<Record<keyof HttpRequest, true>> = {
  method: true,
  path: true,
  query: true,
  prefix: true,
  headers: true,
  body: true,
  signal: true,
  context: true,
  remoteAddress: true,
  inform: true,
  trailers: true,
}

/**
 * A copy of a request with other values for some of its fields. A spread would lose fields: those of an
 * adapter's request may be getters of its class.
 */
export function requestWith<Context>(
  request: HttpRequest<Context>,
  changes: Partial<HttpRequest<Context>>,
): HttpRequest<Context>
export function requestWith<Context>(
  request: HttpRequest,
  changes: Partial<HttpRequest<Context>> & Pick<HttpRequest<Context>, 'context'>,
): HttpRequest<Context>
export function requestWith(request: HttpRequest, changes: Partial<HttpRequest>): HttpRequest {
  const copy: Record<string, unknown> = {}
  for (const name of Object.keys(REQUEST_FIELDS) as (keyof HttpRequest)[]) {
    const value = name in changes ? changes[name] : request[name]
    if (value !== undefined) copy[name] = value
  }
  // The record above has every field, and `request` has a value for each that is required.
  return copy as unknown as HttpRequest
}

/** The response that the host sends. */
export interface HttpResponse {
  readonly status: number
  readonly headers: HeaderFields
  /** Absent if the response has no body, not even an empty one, as for HEAD and 204. */
  readonly body?: string | AsyncIterable<Uint8Array>
  /** The unexpected error that caused a 5xx, for the error reporting of the host. Clients never get it. */
  readonly cause?: unknown
}

/** Answers the requests below some path. An upload server is one, and so is a wrapper around it. */
export interface RequestHandler<Context = unknown> {
  /** True if `handle` answers requests with this path. */
  matches(path: string): boolean
  /** Never rejects. It resolves to an error response when something fails. */
  handle(request: HttpRequest<Context>): Promise<HttpResponse>
}
