import type { HeaderFields, HeaderReader, HttpRequest } from '@tusker/core'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { discardRestAfter } from './drain.ts'
import { hasBody } from './has-body.ts'
import { writeInformation } from '../response/informational-response.ts'
import { beginBody, signalOf } from './connection.ts'
import { turnOf } from './pipelining.ts'

/** Where a request ends up once routers in front have had their part. */
export interface Mounted<Context> {
  /** The path below `prefix`, percent-encoded, without query. */
  readonly path: string
  /** What a router cut off, or an empty string. */
  readonly prefix: string
  /** What hooks are to get. */
  readonly context: Context
}

/**
 * Wraps a request of node:http for the core, once it is its turn: requests that a client sends without
 * waiting for answers are handled one after the other. Nothing is copied, and nothing is read before it
 * is asked for. Whatever the core leaves of the body is discarded once the response is out.
 *
 * @throws Error when somebody else has read the body before; the upload could never make progress
 */
export async function toHttpRequest<Context>(
  req: IncomingMessage,
  res: ServerResponse,
  mounted: Mounted<Context>,
): Promise<HttpRequest<Context>> {
  if (hasBody(req)) {
    assertUnread(req)
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

/** A class for its getters: what a request never asks for is never made, which shows on small ones. */
class NodeRequest<Context> implements HttpRequest<Context> {
  readonly method: string
  readonly path: string
  readonly prefix: string
  readonly context: Context
  readonly #req: IncomingMessage
  readonly #res: ServerResponse

  constructor(req: IncomingMessage, res: ServerResponse, mounted: Mounted<Context>) {
    this.method = req.method ?? 'GET'
    this.path = mounted.path
    this.prefix = mounted.prefix
    this.context = mounted.context
    this.#req = req
    this.#res = res
  }

  get headers(): HeaderReader {
    return fieldsOf(this.#req.headers)
  }

  get body(): AsyncIterable<Uint8Array> {
    const [req, res] = [this.#req, this.#res]
    return { [Symbol.asyncIterator]: () => beginBody(req, res) }
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
    return () => Promise.resolve(fieldsOf(req.trailers))
  }
}

function fieldsOf(fields: IncomingHttpHeaders | NodeJS.Dict<string>): HeaderReader {
  return {
    get(name) {
      const value = fields[name.toLowerCase()]
      return Array.isArray(value) ? value.join(', ') : (value ?? null)
    },
  }
}
