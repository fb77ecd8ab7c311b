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

/** Bytes that a client may send ahead on one stream. Each round trip lets so many pass. */
const STREAM_WINDOW = 4 * 1024 * 1024
/** Bytes that a client may send ahead on all streams of a session. Node accepts them at once. */
const SESSION_WINDOW = 2 * STREAM_WINDOW
const SETTINGS = { initialWindowSize: STREAM_WINDOW, maxConcurrentStreams: 100 }

/** The open sessions of a server, and the milliseconds after which a quiet one is closed. */
interface Sessions {
  readonly open: Set<Http2Session>
  readonly idleTimeout: number
}

const followed = new WeakMap<object, Sessions>()

/** Prepares the sessions of a server from now on, and remembers them: Node keeps no list, and ends none. */
export function followSessions(server: Http2HostServer, idleTimeout: number): void {
  followed.set(server, { open: new Set(), idleTimeout })
  server.updateSettings(SETTINGS)
  server.on('session', (session) => follow(server, session))
}

/** Prepares and remembers the session of a stream that was there before its server was followed. */
export function followSessionOf(server: Http2HostServer, stream: ServerHttp2Stream): void {
  const { session } = stream
  if (session === undefined || session.closed) return
  if (followed.get(server)?.open.has(session) !== false) return
  session.settings(SETTINGS)
  follow(server, session, stream)
}

function follow(
  server: Http2HostServer,
  session: Http2Session,
  first: ServerHttp2Stream | null = null,
): void {
  const sessions = followed.get(server)
  if (sessions === undefined) return
  sessions.open.add(session)
  session.once('close', () => sessions.open.delete(session))
  session.setLocalWindowSize(SESSION_WINDOW)
  // A limit of the host for all sessions does this already.
  if (!limitsSilence(server)) endWhenQuiet(session, sessions.idleTimeout, first)
}

/** Ends a session when it is silent for too long and has no request. */
function endWhenQuiet(
  session: Http2Session,
  milliseconds: number,
  first: ServerHttp2Stream | null,
): void {
  let open = 0

  function count(stream: ServerHttp2Stream): void {
    open += 1
    stream.once('close', () => (open -= 1))
  }
  if (first !== null) count(first)
  session.on('stream', count)
  session.setTimeout(milliseconds)
  session.on('timeout', () => {
    if (open === 0) session.destroy()
    else session.setTimeout(milliseconds)
  })
}

/** True if the host limits the silence of all connections of a server. Node's types lack the property for HTTP/2. */
export function limitsSilence(server: object): boolean {
  return 'timeout' in server && Number(server.timeout) > 0
}

/** The sessions of a server that are known to be open. */
export function sessionsOf(server: object): readonly Http2Session[] {
  return [...(followed.get(server)?.open ?? [])]
}

/** True for a stream that its client did not end. A request on it ends as if it were whole. */
export function isCutOff(stream: ServerHttp2Stream): boolean {
  return stream.aborted || stream.rstCode !== constants.NGHTTP2_NO_ERROR
}
