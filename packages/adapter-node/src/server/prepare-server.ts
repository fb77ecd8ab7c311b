import type { IncomingMessage, Server as HttpServer } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import { holdContinue } from './expect-continue.ts'
import type { Http2HostServer } from './http2.ts'
import { followSession, followSessions, streamOf } from './http2.ts'

/** A server of node:http, node:https or node:http2. */
export type HostServer = HttpServer | HttpsServer | Http2HostServer

const adopted = new WeakSet<HostServer>()

/**
 * Prepares a server of node:http, node:https or node:http2 for uploads. Happens by itself with the first
 * request that an adapter sees; call it before to have it from the start.
 *
 * - `requestTimeout` is set to 0, for all requests of this server. It limits the total time of a request,
 *   300 seconds by default, and would cut a steady upload that takes longer. `headersTimeout` still
 *   limits the head of a request, and the upload server's `idleTimeout` a body that pauses.
 * - A client that closes its side after a complete request still gets its answer.
 * - `100 Continue` is sent once somebody reads the body, and not before: a refused upload is never sent.
 *   Only if nobody listens to `checkContinue` yet.
 */
export function prepareServer(server: HostServer): void {
  if (adopted.has(server)) return
  adopted.add(server)
  // Of the second Node's types know nothing, though it is how node:http itself decides.
  Object.assign(server, { requestTimeout: 0, httpAllowHalfOpen: true })
  if (isHttp2(server)) followSessions(server)
  holdContinue(server)
}

/** The server a request came in by; null where it is not one of Node's. */
export function serverOf(req: IncomingMessage): HostServer | null {
  const { server } = req.socket as { server?: unknown }
  return isHostServer(server) ? server : null
}

/** Prepares the server a request came in by, if nobody has. See `prepareServer`. */
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
