import type { HeaderFields, HttpRequest } from '@tusker/core'
import type { EventEmitter } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { discardRest } from './discard-rest.ts'
import { sendContinue } from './expect-continue.ts'
import { streamOf } from './http2.ts'
import { requestBody } from './request-body.ts'
import { inTurn } from './turns.ts'

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
 * waiting for answers are handled one after the other. Nothing is copied. Whatever the core leaves of
 * the body is discarded once the response is out.
 *
 * @throws Error when somebody else has read the body before; the upload could never make progress
 */
export async function toHttpRequest<Context>(
  req: IncomingMessage,
  res: ServerResponse,
  { path, prefix, context }: Mounted<Context>,
): Promise<HttpRequest<Context>> {
  assertUnread(req)
  const gone = new AbortController()
  // The request closes once it is read; only the response closes with the connection.
  res.once('close', () => {
    if (!res.writableFinished) gone.abort(new Error('the client went away'))
  })
  const body = requestBody(req, () => sendContinue(req, res))
  // A response of HTTP/2 emits this only once its stream is closed, which is what it waits for here.
  const outgoing: EventEmitter = streamOf(res) ?? res
  outgoing.once('finish', () => discardRest(req, body))
  await inTurn(req, res)

  return {
    ...{ method: req.method ?? 'GET', path, prefix, context, body },
    headers: { get: (name) => valueOf(req.headers[name.toLowerCase()]) },
    signal: gone.signal,
    remoteAddress: req.socket.remoteAddress ?? null,
    inform: (status, headers) => writeInformation(req, res, status, headers),
    trailers: () => Promise.resolve({ get: (name) => valueOf(req.trailers[name.toLowerCase()]) }),
  }
}

function assertUnread(req: IncomingMessage): void {
  const length = req.headers['content-length'] ?? '0'
  const hasBody = length !== '0' || req.headers['transfer-encoding'] !== undefined
  if (!hasBody || !req.readableDidRead) return
  throw new Error(
    'the body of this request was read before the upload server saw it: ' +
      'mount uploads before body parsers, or keep parsers away from application/offset+octet-stream',
  )
}

function valueOf(value: string | string[] | undefined): string | null {
  return Array.isArray(value) ? value.join(', ') : (value ?? null)
}

/** Node has no call for any 1xx but a few. Over HTTP/1.1 one is bytes in front of the response. */
function writeInformation(
  req: IncomingMessage,
  res: ServerResponse,
  status: number,
  headers: HeaderFields,
): void {
  const stream = streamOf(res)
  if (stream !== null && !stream.headersSent && !stream.destroyed) {
    stream.additionalHeaders({ ':status': status, ...headers })
    return
  }
  if (req.httpVersion !== '1.1' || res.headersSent || !res.socket?.writable) return
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${plain(value)}\r\n`)
  res.socket.write(`HTTP/1.1 ${status} Information\r\n${lines.join('')}\r\n`, 'latin1')
}

/** A line break would begin another field. */
function plain(value: string): string {
  return value.replace(/[\r\n]+/g, ' ')
}
