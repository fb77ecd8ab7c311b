import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2SecureServer, Http2Server, Http2Session, ServerHttp2Stream } from 'node:http2'
import { constants } from 'node:http2'

/** A server of node:http2. */
export type Http2HostServer = Http2Server | Http2SecureServer

/** The stream of a request that came over HTTP/2; null for others, and once the stream is closed. */
export function streamOf(message: IncomingMessage | ServerResponse): ServerHttp2Stream | null {
  if (!('stream' in message)) return null
  // Node's requests and responses of HTTP/1 have no such member.
  return (message.stream as ServerHttp2Stream | undefined) ?? null
}

const sessions = new WeakMap<object, Set<Http2Session>>()

/** Remembers the connections of a server from now on: Node keeps no list, and does not end them. */
export function followSessions(server: Http2HostServer): void {
  const open = new Set<Http2Session>()
  sessions.set(server, open)
  server.on('session', (session) => followSession(server, session))
}

/** Remembers a connection that was there before its server was followed. */
export function followSession(server: object, session: Http2Session): void {
  const open = sessions.get(server)
  if (open === undefined || open.has(session) || session.closed) return
  open.add(session)
  session.once('close', () => open.delete(session))
}

/** The connections of a server that are known to be open. */
export function sessionsOf(server: object): readonly Http2Session[] {
  return [...(sessions.get(server) ?? [])]
}

/** True for a stream that its client did not end. A request on it ends as if it were whole. */
export function isCutOff(stream: ServerHttp2Stream): boolean {
  return stream.aborted || stream.rstCode !== constants.NGHTTP2_NO_ERROR
}
