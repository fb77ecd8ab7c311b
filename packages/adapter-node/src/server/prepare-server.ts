import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import { holdContinue } from './expect-continue.ts'
import type { Http2HostServer } from './http2.ts'
import { followSessionOf, followSessions, streamOf } from './http2.ts'
import type { RequestClock } from './request-clock.ts'
import { requestClock } from './request-clock.ts'

/** A server of node:http, node:https or node:http2. */
export type HostServer = HttpServer | HttpsServer | Http2HostServer

/** The options of `prepareServer`. */
export interface PrepareOptions {
  /**
   * Milliseconds after which a client is cut off that should send the body of a request, or read a response,
   * and does neither. A minute by default. For the body of an upload the upload server's `idleTimeout`
   * holds in its place.
   */
  readonly idleTimeout?: number
}

const IDLE_TIMEOUT = 60_000
/** Node's default for `requestTimeout`, which servers of HTTP/2 do not have. */
const REQUEST_TIMEOUT = 300_000

const clocks = new WeakMap<HostServer, RequestClock>()
/** Servers whose requests pass an adapter, which knows what is an upload. */
const adapted = new WeakSet<HostServer>()

/**
 * Prepares a server of node:http, node:https or node:http2 for uploads. An adapter calls it with its
 * first request. Call it yourself before the server listens, so that it holds from the first connection on.
 *
 * - `requestTimeout` is set to 0. It limits the total time of every request, 300 seconds by default, and would
 *   cut a steady upload that takes longer. A request that is no upload still has this limit, and gets 408
 *   after it. The body of an upload may pause no longer than that, and no longer than `idleTimeout` of the
 *   upload server.
 * - A client that should send, or read, and does neither for a minute is cut off: see `idleTimeout`. Not when
 *   `server.timeout` limits all connections already.
 * - A session of HTTP/2 that is silent for as long, and has no request, is closed.
 * - Over HTTP/2 a client may send 4 MiB ahead on each stream, so that the distance to the server does not limit
 *   its speed, and have 100 streams open. `server.updateSettings` sets other values afterwards.
 * - A client that closes its side after a complete request still gets its response.
 * - `100 Continue` is sent when the body is first read, so a client never sends a refused body. Not when the
 *   server has a listener for `checkContinue` already.
 *
 * @throws TypeError when `idleTimeout` is no number of milliseconds from 1 on
 */
export function prepareServer(server: HostServer, options: PrepareOptions = {}): void {
  const { idleTimeout = IDLE_TIMEOUT } = options
  if (!Number.isSafeInteger(idleTimeout) || idleTimeout <= 0 || idleTimeout >= 2 ** 31) {
    throw new TypeError('prepareServer: idleTimeout must be a number of milliseconds from 1 on')
  }
  if (clocks.has(server)) return
  const request = 'requestTimeout' in server ? server.requestTimeout : REQUEST_TIMEOUT
  const clock = requestClock(server, { idle: idleTimeout, request })
  clocks.set(server, clock)
  // Node's types lack the second option, although node:http reads it.
  Object.assign(server, { requestTimeout: 0, httpAllowHalfOpen: true })
  if (isHttp2(server)) followSessions(server, idleTimeout)
  holdContinue(server)
  server.prependListener('request', (req: IncomingMessage, res: ServerResponse) => {
    clock.watch(req, res)
    // A fetch handler does not see this request, so its header fields have to say what it is.
    if (!adapted.has(server) && claimsUpload(req)) clock.markUpload(req, res)
  })
}

/** The server of a request; null when it is not one of Node's. */
export function serverOf(req: IncomingMessage): HostServer | null {
  const { server } = req.socket as { server?: unknown }
  return isHostServer(server) ? server : null
}

/** Prepares the server of a request, once. See `prepareServer`. */
export function prepareServerOf(req: IncomingMessage, res: ServerResponse): void {
  const server = serverOf(req)
  if (server === null) return
  adapted.add(server)
  if (!clocks.has(server)) {
    prepareServer(server)
    clocks.get(server)?.watch(req, res)
  }
  const stream = streamOf(req)
  if (stream !== null && isHttp2(server)) followSessionOf(server, stream)
}

/** Gives a request the time of an upload, since it is passed to an upload server. */
export function allowTime(req: IncomingMessage, res: ServerResponse): void {
  const server = serverOf(req)
  if (server !== null) clocks.get(server)?.markUpload(req, res)
}

function claimsUpload({ headers }: IncomingMessage): boolean {
  return headers['tus-resumable'] !== undefined || headers['upload-complete'] !== undefined
}

/** True for a server of node:http2, which may speak HTTP/1 as well. */
export function isHttp2(server: HostServer): server is Http2HostServer {
  return 'updateSettings' in server
}

function isHostServer(server: unknown): server is HostServer {
  if (typeof server !== 'object' || server === null) return false
  return 'requestTimeout' in server || 'updateSettings' in server
}
