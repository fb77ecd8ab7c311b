/** Reads a header by name, ignoring case. The web `Headers` class is one of these. */
export interface HeaderReader {
  /** The field's value, several lines joined by `, `; null when the field is absent. */
  get(name: string): string | null
}

/** Header fields to send, with lower-case names. */
export type HeaderFields = Readonly<Record<string, string>>

/**
 * What the core needs from a host's request. Adapters wrap; they do not copy or buffer.
 *
 * @typeParam Context - what the host passes on to hooks, such as its own request and response
 */
export interface HttpRequest<Context = unknown> {
  readonly method: string
  /** Percent-encoded, without query, and without `prefix`: the path that the server's `path` matches. */
  readonly path: string
  /** What a router in front of the adapter cut off the path (`/api`), or an empty string. */
  readonly prefix: string
  readonly headers: HeaderReader
  /**
   * The body as it arrives. Stopping early must not close the connection: a response is still to be
   * written on it. An error thrown by it means that the client is gone.
   */
  readonly body: AsyncIterable<Uint8Array>
  /** Aborts when the client goes away before its response was sent. */
  readonly signal: AbortSignal
  /** Handed to hooks untouched. */
  readonly context: Context
  /** The address of whoever opened the connection, for `trustProxy`; null where the host hides it. */
  readonly remoteAddress: string | null
  /** Sends a 1xx response. Absent where the host cannot. */
  readonly inform?: (status: number, headers: HeaderFields) => void
  /** Trailer fields, once the body has ended. Absent where the host hides them. */
  readonly trailers?: () => Promise<HeaderReader>
}

/** What the core asks a host to send. */
export interface HttpResponse {
  readonly status: number
  readonly headers: HeaderFields
  /** Absent: no body at all, not even an empty one, as for HEAD and 204. */
  readonly body?: string | AsyncIterable<Uint8Array>
  /** The unexpected error behind a 5xx, for the host's own error reporting. Never sent. */
  readonly cause?: unknown
}

/** Anything that answers requests below some path: an upload server, or layers around one. */
export interface RequestHandler<Context = unknown> {
  /** True if `handle` is responsible for this path. */
  matches(path: string): boolean
  /** Never rejects: every failure is a response. */
  handle(request: HttpRequest<Context>): Promise<HttpResponse>
}
