import type {
  HeaderReader,
  HttpResponse,
  UploadEvent,
  UploadServer,
  UploadServerOptions,
  UploadStore,
} from '@tusker/core'
import { createUploadServer } from '@tusker/core'
import type { Answer, Client, InterimAnswer, PreparedRequest, StreamedBody } from './client.ts'
import { prepared } from './client.ts'
import { nodeDigests } from './node-digests.ts'

/** The options of a server under test, besides its store. */
export type HostOptions = Partial<Omit<UploadServerOptions, 'store'>>

/** A server and a client of it. */
export interface TestHost extends Client {
  readonly server: UploadServer
  /** The events that the server reported, in order. */
  readonly events: readonly UploadEvent[]
}

/**
 * Starts a server at `/files` with checksums and downloads, and a client with no network in between.
 * The options override these defaults.
 */
export function testHost(options: HostOptions & { readonly store: UploadStore }): TestHost {
  const { server, events } = startServer(options)
  return { server, events, ...memoryClient(server) }
}

/** A server as `testHost` starts it, for any kind of client. */
export function startServer(options: HostOptions & { readonly store: UploadStore }): {
  readonly server: UploadServer
  readonly events: readonly UploadEvent[]
} {
  const events: UploadEvent[] = []
  const server = createUploadServer({
    path: '/files',
    checksums: nodeDigests(),
    downloads: true,
    ...options,
    onEvent(event) {
      events.push(event)
      options.onEvent?.(event)
    },
  })
  return { server, events }
}

/**
 * A client that passes its requests to the server as an adapter does, with `context`.
 */
export function memoryClient(server: Pick<UploadServer, 'handle'>, context: unknown = {}): Client {
  function handle(
    { method, target, lines, body }: PreparedRequest,
    bytes: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
    interim: InterimAnswer[] = [],
  ): Promise<HttpResponse> {
    const [path = '', query = ''] = target.split('?')
    const trailers = 'chunks' in body ? Object.entries(body.trailers ?? {}) : []
    return server.handle({
      method,
      prefix: '',
      signal,
      context,
      remoteAddress: null,
      path,
      query,
      headers: headerReader(lines),
      body: bytes,
      trailers: () => Promise.resolve(headerReader(trailers)),
      inform: (status, headers) => interim.push({ status, headers }),
    })
  }

  return {
    async send(line, fields = {}, body) {
      const request = prepared(line, fields, body)
      const gone = new AbortController()
      const interim: InterimAnswer[] = []
      const response = await handle(request, bytesOf(request.body), gone.signal, interim)
      return answerOf(response, interim)
    },
    async sendUntil(count, line, fields, body) {
      const request = prepared(line, fields, body)
      const gone = new AbortController()
      await handle(request, cut(bytesOf(request.body), count, gone), gone.signal)
    },
  }
}

function headerReader(lines: PreparedRequest['lines']): HeaderReader {
  return {
    get(name) {
      const values = lines.filter(([key]) => key.toLowerCase() === name.toLowerCase())
      return values.length === 0 ? null : values.map(([, value]) => value).join(', ')
    },
  }
}

async function* bytesOf(body: Uint8Array | StreamedBody): AsyncGenerator<Uint8Array> {
  if ('chunks' in body) yield* body.chunks
  else if (body.byteLength > 0) yield await Promise.resolve(body)
}

/** Ends like the body of an adapter when the connection breaks: its signal aborts and it throws. */
async function* cut(
  bytes: AsyncIterable<Uint8Array>,
  count: number,
  gone: AbortController,
): AsyncGenerator<Uint8Array> {
  let left = count
  for await (const chunk of bytes) {
    if (left > 0) yield chunk.subarray(0, left)
    left -= chunk.byteLength
    if (left <= 0) break
  }
  gone.abort(new Error('the client went away'))
  throw new Error('the connection was lost')
}

async function answerOf(
  { status, headers, body }: HttpResponse,
  interim: readonly InterimAnswer[],
): Promise<Answer> {
  const chunks: Uint8Array[] = []
  if (typeof body === 'string') chunks.push(Buffer.from(body))
  else if (body !== undefined) for await (const chunk of body) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  return { status, headers, bytes, text: bytes.toString(), interim }
}
