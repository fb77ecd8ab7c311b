import type { CorsPolicy, HttpRequest, HttpResponse } from '@tusker/core'
import { withCors } from '@tusker/core'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'

/** The options of `respondToClientErrors`. */
export interface ClientErrorOptions {
  /** The policy of the upload server. Without it, responses have no CORS fields. */
  readonly cors?: CorsPolicy
}

/** Milliseconds that a client may take to read the response, before the connection is cut. */
const PATIENCE = 2_000

const STATUS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

const MESSAGES: Readonly<Record<number, string>> = {
  400: 'the request is not valid HTTP',
  408: 'the request took too long, send it again',
  413: 'the extensions of a chunk are too long',
  431: 'the header fields of the request are too long for this server',
}

/**
 * Makes a server respond to requests that Node refuses before any handler sees them: 400 for malformed ones,
 * 408 for those that take too long, 431 for a head that is too long. Node by itself responds without CORS
 * fields, so a page of another origin cannot find out why its upload failed. Node does not pass on the header
 * fields of such a request: with several allowed origins its own is found in the last bytes that came, or in
 * the request before it.
 *
 * Call it once, for a server that no other code gave a listener for `clientError`.
 */
export function respondToClientErrors(server: Server, { cors }: ClientErrorOptions = {}): void {
  const last = new WeakMap<Socket, { req: IncomingMessage; res: ServerResponse }>()
  const answered = new WeakSet<Socket>()
  server.prependListener('request', (req: IncomingMessage, res: ServerResponse) => {
    last.set(req.socket, { req, res })
  })

  async function respond(error: NodeJS.ErrnoException, socket: Socket): Promise<void> {
    const known = last.get(socket)
    if (!socket.writable || error.code === 'ECONNRESET' || isResponding(known?.res)) {
      socket.destroy()
      return
    }
    const status = STATUS[error.code ?? ''] ?? 400
    const origin = originIn(error) ?? known?.req.headers.origin ?? onlyOrigin(cors)
    const response = await dressed(plain(status), cors, origin ?? null)
    socket.end(messageOf(response))
    // It may still send. A connection that is cut at once could lose the response.
    setTimeout(() => socket.destroy(), PATIENCE).unref()
  }

  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    // Bytes that still come are errors as well.
    if (answered.has(socket)) return
    answered.add(socket)
    void respond(error, socket).catch(() => socket.destroy())
  })
}

/** True if bytes of a response are under way, which nothing may be mixed with. */
function isResponding(res: ServerResponse | undefined): boolean {
  if (res === undefined || res.writableFinished) return false
  // A response that waits for an earlier one has no socket yet.
  return res.headersSent || res.socket === null
}

function originIn(error: object): string | null {
  if (!('rawPacket' in error) || !Buffer.isBuffer(error.rawPacket)) return null
  return (
    /\r\norigin:[ \t]*([^\r\n]+?)[ \t]*\r\n/i.exec(error.rawPacket.toString('latin1'))?.[1] ?? null
  )
}

/** The browser compares this origin with its own, so it gives no other page access. */
function onlyOrigin(cors: CorsPolicy | undefined): string | null {
  const origins = cors?.origins
  return typeof origins === 'object' && origins.length === 1 ? (origins[0] ?? null) : null
}

function plain(status: number): HttpResponse {
  const body = `${MESSAGES[status] ?? ''}\n`
  const headers = {
    connection: 'close',
    'content-type': 'text/plain; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
  }
  return { status, headers, body }
}

async function dressed(
  response: HttpResponse,
  cors: CorsPolicy | undefined,
  origin: string | null,
): Promise<HttpResponse> {
  if (cors === undefined) return response
  const request: HttpRequest = {
    method: 'GET',
    path: '/',
    prefix: '',
    headers: { get: (name) => (name.toLowerCase() === 'origin' ? origin : null) },
    body: nothing(),
    signal: new AbortController().signal,
    context: undefined,
    remoteAddress: null,
  }
  return withCors(cors, {
    matches: () => true,
    handle: () => Promise.resolve(response),
  }).handle(request)
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

function messageOf({ status, headers, body }: HttpResponse): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const text = typeof body === 'string' ? body : ''
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${text}`
}
