import type { HttpResponse } from '@tusker/core'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { once } from 'node:events'
import { isWaiting } from './expect-continue.ts'
import { serverOf } from './host-server.ts'

/**
 * Sends a response of the core. Resolves when all of it was handed over, or the client has left.
 *
 * @throws what reading the body throws; by then the response is cut off, so the client knows
 */
export async function sendHttpResponse(
  req: IncomingMessage,
  res: ServerResponse,
  response: HttpResponse,
): Promise<void> {
  const { status, headers, body } = response
  // What goes wrong with a connection shows as its end.
  res.on('error', () => {})
  if (isLast(req)) res.shouldKeepAlive = false
  if (body === undefined || typeof body === 'string') {
    res.writeHead(status, { ...lengthOf(req, status, body), ...headers })
    res.end(body)
    return
  }
  res.writeHead(status, { ...headers })
  try {
    await stream(res, body)
    res.end()
  } catch (error) {
    res.destroy()
    throw error
  }
}

/**
 * True when no other request can follow on this connection: the server is closing, or the client waits
 * to be told to send its body and never will be, so that nobody knows where the next request begins.
 */
export function isLast(req: IncomingMessage): boolean {
  return req.httpVersionMajor === 1 && (isWaiting(req) || serverOf(req)?.listening === false)
}

/** Without a length Node would send an empty body in chunks, or to the end of the connection. */
function lengthOf(
  { method }: IncomingMessage,
  status: number,
  body = '',
): { 'content-length'?: number } {
  if (method === 'HEAD' || status === 204 || status === 304) return {}
  return { 'content-length': Buffer.byteLength(body) }
}

async function stream(res: ServerResponse, body: AsyncIterable<Uint8Array>): Promise<void> {
  const left = new AbortController()
  res.once('close', () => left.abort())
  for await (const chunk of body) {
    if (left.signal.aborted) return
    if (res.write(chunk)) continue
    await once(res, 'drain', { signal: left.signal }).catch(() => {})
  }
}
