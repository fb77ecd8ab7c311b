import type { HeaderFields, HttpResponse } from '@tusker/core'
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { streamOf } from '../server/http2.ts'
import { serverOf } from '../server/prepare-server.ts'
import { endStalled } from './end-stalled.ts'

/**
 * Sends a response of the core. Resolves when all of it was handed over, or the client has left, or has
 * read nothing for `downloadTimeout` milliseconds, a minute by default.
 *
 * @throws Error when reading the body fails; the response is cut off by then, so that the client knows
 */
export async function sendHttpResponse(
  req: IncomingMessage,
  res: ServerResponse,
  response: HttpResponse,
  downloadTimeout?: number,
): Promise<void> {
  const { status, headers, body } = response
  if (isClosing(req)) res.shouldKeepAlive = false
  if (body === undefined || typeof body === 'string') {
    res.writeHead(status, withLength(req, status, headers, body))
    res.end(body)
    return
  }
  res.writeHead(status, headers)
  endStalled(res, downloadTimeout)
  try {
    await stream(res, body)
    res.end()
  } catch (error) {
    res.destroy()
    throw error
  }
}

/** True when no other request is to follow on this connection, because the server is closing. */
export function isClosing(req: IncomingMessage): boolean {
  return req.httpVersionMajor === 1 && serverOf(req)?.listening === false
}

/** Without a length Node would send even an empty body in chunks. */
function withLength(
  { method }: IncomingMessage,
  status: number,
  headers: HeaderFields,
  body = '',
): OutgoingHttpHeaders {
  if (method === 'HEAD' || status === 204 || status === 304) return headers
  // A spread costs twice as much.
  return Object.assign({ 'content-length': Buffer.byteLength(body) }, headers)
}

async function stream(res: ServerResponse, body: AsyncIterable<Uint8Array>): Promise<void> {
  // What goes wrong with a connection shows as its end.
  res.on('error', () => {})
  for await (const chunk of body) {
    if (isGone(res)) return
    if (!res.write(chunk)) await roomIn(res)
  }
}

/** True when the connection, or over HTTP/2 the stream, is closed. Responses of HTTP/2 have no `destroyed`. */
function isGone(res: ServerResponse): boolean {
  if (!('stream' in res)) return res.destroyed
  return streamOf(res)?.destroyed ?? true
}

/** Resolves when there is room for more, or the client has left. */
function roomIn(res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    function settle(): void {
      res.off('drain', settle).off('close', settle)
      resolve()
    }
    if (isGone(res)) resolve()
    else res.on('drain', settle).on('close', settle)
  })
}
