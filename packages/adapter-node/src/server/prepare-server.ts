import type { IncomingMessage, Server as HttpServer } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import { holdContinue } from './expect-continue.ts'
import type { Http2HostServer } from './http2.ts'
import { followSession, followSessions, streamOf } from './http2.ts'

/** A server of node:http, node:https or node:http2. */
export type HostServer = HttpServer | HttpsServer | Http2HostServer

const adopted = new WeakSet<HostServer>()

/**
 * Prepares a server of node:http, node:https or node:http2 for uploads. An adapter calls it with its
 * first request. Call it yourself to prepare the server before that.
 *
 * - `requestTimeout` is set to 0, for all requests of this server. It limits the total time of a request,
 *   300 seconds by default, and would cut a steady upload that takes longer. `headersTimeout` still
 *   limits the head of a request, and the upload server's `idleTimeout` a body that pauses.
 * - A client that closes its side after a complete request still gets its response.
 * - `100 Continue` is sent when the body is first read, so a client never sends a refused body. Not when the
 *   server has a listener for `checkContinue` already.
 */
export function prepareServer(server: HostServer): void {
  if (adopted.has(server)) return
  adopted.add(server)
  // Node's types lack the second option, although node:http reads it.
  Object.assign(server, { requestTimeout: 0, httpAllowHalfOpen: true })
  if (isHttp2(server)) followSessions(server)
  holdContinue(server)
}

/** The server of a request; null when it is not one of Node's. */
export function serverOf(req: IncomingMessage): HostServer | null {
  const { server } = req.socket as { server?: unknown }
  return isHostServer(server) ? server : null
}

/** Prepares the server of a request, once. See `prepareServer`. */
export function prepareServerOf(req: IncomingMessage): void {
  const server = serverOf(req)
  if (server === null) return
  prepareServer(server)
  const session = streamOf(req)?.session
  if (session) followSession(server, session)
}

/** True for a server of node:http2, which may speak HTTP/1 as well. */
export function isHttp2(server: HostServer): server is Http2HostServer {
  return 'updateSettings' in server
}

function isHostServer(server: unknown): server is HostServer {
  if (typeof server !== 'object' || server === null) return false
  return 'requestTimeout' in server || 'updateSettings' in server
}
