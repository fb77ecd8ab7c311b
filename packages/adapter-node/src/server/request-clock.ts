import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ServerHttp2Stream } from 'node:http2'
import { constants } from 'node:http2'
import type { Socket } from 'node:net'
import { hasBody } from './has-body.ts'
import { limitsSilence, streamOf } from './http2.ts'
import { endLateBody } from './late-body.ts'
import type { HostServer } from './prepare-server.ts'

/** The limits of a server, in milliseconds. Zero is no limit. */
export interface ClockLimits {
  /** Ends a connection, or a stream of HTTP/2, on which the client should send or read, and does neither. */
  readonly idle: number
  /** The total time of a request that is no upload. For uploads it limits the silence of the body. */
  readonly request: number
}

/** Limits the time of the requests of one server. */
export interface RequestClock {
  /** Begins to limit the time of a request, unless that has begun. */
  watch(req: IncomingMessage, res: ServerResponse): void
  /** Gives a request the limits of an upload: a steady body may take any time. */
  markUpload(req: IncomingMessage, res: ServerResponse): void
}

/** The most milliseconds between two looks at the total times. Node itself looks as rarely. */
const LONGEST_PAUSE = 30_000
/** Looks for each limit: a request ends at most a tenth of it too late. */
const LOOKS = 10

/** The limits that a clock has set on sockets. The host may have set others since. */
const own = new WeakMap<Socket, number>()

/** True if the time limit of a socket was set here, and not by the host. */
export function isOwnLimit(socket: Socket): boolean {
  return socket.timeout !== undefined && own.get(socket) === socket.timeout
}

/** Makes the clock of a server. */
export function requestClock(server: HostServer, limits: ClockLimits): RequestClock {
  const bodies = new Map<IncomingMessage, { res: ServerResponse; due: number }>()
  let timer: ReturnType<typeof setTimeout> | null = null

  function limit(socket: Socket, milliseconds: number): void {
    own.set(socket, milliseconds)
    socket.setTimeout(milliseconds)
  }

  function limitConnection(res: ServerResponse, { socket }: IncomingMessage): void {
    // A limit of the host for all connections does this already.
    if (limits.idle === 0 || limitsSilence(server)) return
    limit(socket, limits.idle)
    res.on('timeout', () => onQuiet(res))
    // Node replaces the limit after the response, unless idle connections have none.
    if ('keepAliveTimeout' in server && server.keepAliveTimeout === 0) {
      res.prependOnceListener('finish', () => limit(socket, 0))
    }
  }

  function onQuiet(res: ServerResponse): void {
    const { req, socket } = res
    if (socket === null) return
    if (!isOwnLimit(socket)) {
      // Node ends the connection after a limit of the host that has no listener. Ours hides that.
      const listeners = [res, req, server].map((each) => each.listenerCount('timeout'))
      if (listeners.join() === '1,0,0') socket.destroy()
      return
    }
    if (res.writableLength > 0) socket.destroy()
    else if (isAwaited(req)) endLateBody(server, req, res)
    // The server works on the response. Node's clock runs once only.
    else socket.setTimeout(socket.timeout ?? 0)
  }

  function limitStream(stream: ServerHttp2Stream, req: IncomingMessage, res: ServerResponse): void {
    if (limits.idle === 0) return
    stream.setTimeout(limits.idle)
    stream.on('timeout', () => {
      if (stream.writableLength > 0) stream.close(constants.NGHTTP2_CANCEL)
      else if (isAwaited(req)) endLateBody(server, req, res)
    })
  }

  function look(): void {
    const now = performance.now()
    for (const [req, { res, due }] of bodies) {
      if (!hasMore(req)) bodies.delete(req)
      else if (due <= now && isAwaited(req)) {
        bodies.delete(req)
        endLateBody(server, req, res)
      }
    }
    timer = null
    if (bodies.size > 0) lookLater()
  }

  function lookLater(): void {
    timer ??= setTimeout(look, Math.min(limits.request / LOOKS, LONGEST_PAUSE)).unref()
  }

  return {
    watch(req, res) {
      const stream = streamOf(res)
      if (stream !== null) limitStream(stream, req, res)
      else limitConnection(res, req)
      if (limits.request === 0 || !hasBody(req) || !hasMore(req)) return
      bodies.set(req, { res, due: performance.now() + limits.request })
      lookLater()
    },
    markUpload(req, res) {
      bodies.delete(req)
      const stream = streamOf(res)
      if (stream !== null) stream.setTimeout(limits.request)
      else if (isOwnLimit(req.socket)) limit(req.socket, limits.request)
    },
  }
}

/** True while the client may send more of a body. */
function hasMore(req: IncomingMessage): boolean {
  if (req.complete || req.destroyed) return false
  return streamOf(req)?.endAfterHeaders !== true
}

/** True if the server has read all that arrived of a body, and waits for more. */
function isAwaited(req: IncomingMessage): boolean {
  if (!hasMore(req) || req.readableLength > 0) return false
  return req.readableFlowing === true || req.listenerCount('readable') > 0
}
