import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import { holdContinue } from './expect-continue.ts'
import { pathOf } from './path.ts'

type HostServer = HttpServer | HttpsServer

const adopted = new WeakSet<HostServer>()

/**
 * Prepares a server of node:http or node:https for uploads. Happens by itself with the first request
 * that an adapter sees; call it before to have it from the start.
 *
 * - `requestTimeout` is set to 0. It limits the total time of a request, 300 seconds by default, and
 *   would cut a steady upload that takes longer. `headersTimeout` still limits the header, and the
 *   upload server's `idleTimeout` a body that pauses.
 * - A client that closes its side after a complete request still gets its answer.
 * - `100 Continue` is sent when the body is wanted, and not before: a refused upload is never sent.
 *   Only if nobody listens to `checkContinue` yet, and only for paths that `isUpload` knows.
 */
export function adoptServer(server: HostServer, isUpload: (path: string) => boolean): void {
  if (adopted.has(server)) return
  adopted.add(server)
  server.requestTimeout = 0
  // Not in Node's types, though it is how node:http itself decides.
  Object.assign(server, { httpAllowHalfOpen: true })
  if (server.listenerCount('checkContinue') > 0) return
  server.on('checkContinue', (req: IncomingMessage, res: ServerResponse) => {
    if (isUpload(pathOf(req.url) ?? '')) holdContinue(req)
    else res.writeContinue()
    server.emit('request', req, res)
  })
}

/** The server a request came in by; null where it is not one of node:http or node:https. */
export function serverOf(req: IncomingMessage): HostServer | null {
  const { server } = req.socket as { server?: unknown }
  const known = typeof server === 'object' && server !== null && 'requestTimeout' in server
  return known ? (server as HostServer) : null
}
