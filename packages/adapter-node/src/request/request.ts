import type { HeaderFields, HeaderReader, HttpRequest } from '@tusker/core'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { discardRestAfter } from './drain.ts'
import { hasBody } from '../server/has-body.ts'
import { writeInformation } from '../response/informational-response.ts'
import { beginBody, signalOf } from './connection.ts'
import { allowTime } from '../server/prepare-server.ts'
import { queryOf } from './path.ts'
import { turnOf } from './pipelining.ts'

/** The place of a request below the routers in front. */
export interface Mounted<Context> {
  /** The path below `prefix`, percent-encoded, without query. */
  readonly path: string
  /** The prefix that a router removed, or an empty string. */
  readonly prefix: string
  /** The context of hooks. */
  readonly context: Context
}

/**
 * Wraps a request of node:http for the core. Resolves once the earlier requests of a pipelining client are
 * answered. It copies nothing, and reads nothing before the core asks for it. After the response, it discards
 * the rest of the body.
 *
 * @throws Error when other code has read the body already: the upload could never make progress
 */
export async function toHttpRequest<Context>(
  req: IncomingMessage,
  res: ServerResponse,
  mounted: Mounted<Context>,
): Promise<HttpRequest<Context>> {
  if (hasBody(req)) {
    assertUnread(req)
    allowTime(req, res)
    discardRestAfter(req, res)
  }
  const turn = turnOf(req, res)
  if (turn !== null) await turn
  return new NodeRequest(req, res, mounted)
}

function assertUnread(req: IncomingMessage): void {
  if (!req.readableDidRead) return
  throw new Error(
    'the body of this request was read before the upload server saw it: ' +
      'mount uploads before body parsers, or keep parsers away from application/offset+octet-stream',
  )
}

/** A class with getters: a field that is never read costs nothing, which matters for small requests. */
class NodeRequest<Context> implements HttpRequest<Context> {
  readonly method: string
  readonly path: string
  readonly prefix: string
  readonly context: Context
  readonly #req: IncomingMessage
  readonly #res: ServerResponse
  #headers: HeaderReader | null = null

  constructor(req: IncomingMessage, res: ServerResponse, mounted: Mounted<Context>) {
    this.method = req.method ?? 'GET'
    this.path = mounted.path
    this.prefix = mounted.prefix
    this.context = mounted.context
    this.#req = req
    this.#res = res
  }

  get query(): string {
    return queryOf(this.#req.url)
  }

  get headers(): HeaderReader {
    return (this.#headers ??= new Fields(this.#req.headers))
  }

  get body(): AsyncIterable<Uint8Array> {
    return new Body(this.#req, this.#res)
  }

  get signal(): AbortSignal {
    return signalOf(this.#req, this.#res)
  }

  get remoteAddress(): string | null {
    return this.#req.socket.remoteAddress ?? null
  }

  get inform(): (status: number, headers: HeaderFields) => void {
    const [req, res] = [this.#req, this.#res]
    return (status, headers) => writeInformation(req, res, status, headers)
  }

  get trailers(): () => Promise<HeaderReader> {
    const req = this.#req
    return () => Promise.resolve(new Fields(req.trailers))
  }
}

// Classes as well: an object with a computed name costs several times as much.

class Body implements AsyncIterable<Uint8Array> {
  readonly #req: IncomingMessage
  readonly #res: ServerResponse

  constructor(req: IncomingMessage, res: ServerResponse) {
    this.#req = req
    this.#res = res
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return beginBody(this.#req, this.#res)
  }
}

class Fields implements HeaderReader {
  readonly #fields: IncomingHttpHeaders | NodeJS.Dict<string>

  constructor(fields: IncomingHttpHeaders | NodeJS.Dict<string>) {
    this.#fields = fields
  }

  get(name: string): string | null {
    const value = this.#fields[name.toLowerCase()]
    return Array.isArray(value) ? value.join(', ') : (value ?? null)
  }
}
