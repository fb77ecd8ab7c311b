import { once } from 'node:events'
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2'
import { connect } from 'node:http2'
import type { Socket } from 'node:net'
import { createConnection } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Answer, Client, InterimAnswer, PreparedRequest, StreamedBody } from './client.ts'
import { prepared } from './client.ts'

/**
 * A client that speaks HTTP/2 with a server at `origin`. Each request has a connection of its own. With
 * `https:` the certificate is not checked.
 */
export function http2Client(origin: string): Client {
  return {
    async send(line, fields = {}, body) {
      const request = prepared(line, fields, body)
      const session = open(origin)
      try {
        const stream = begin(session, request)
        const answer = answerTo(stream)
        // Not awaited: the response can come while a body is still being sent, or never ends.
        void sendBody(stream, request.body)
        return await answer
      } finally {
        session.destroy()
      }
    },
    async sendUntil(count, line, fields, body) {
      const request = prepared(line, fields, body)
      const socket = connectTo(origin)
      const session = open(origin, socket)
      const stream = begin(session, request)
      const bytes = request.body instanceof Uint8Array ? request.body.subarray(0, count) : ''
      await new Promise<void>((resolve) => stream.write(bytes, () => resolve()))
      // The server acknowledges a ping after the bytes before it. A reset could drop bytes on their way.
      await new Promise<void>((resolve) => void session.ping(() => resolve()))
      // Not `stream.close`: it ends the body before it resets the stream.
      const closed = once(stream, 'close')
      socket.destroy()
      await closed
    },
  }
}

/** Fields of a connection of HTTP/1.1, which HTTP/2 forbids. */
const OF_CONNECTIONS = new Set(['connection', 'transfer-encoding'])

function connectTo(origin: string): Socket {
  const { protocol, hostname, port } = new URL(origin)
  const place = { host: hostname, port: Number(port) }
  return protocol === 'https:'
    ? connectTls({ ...place, ALPNProtocols: ['h2'], rejectUnauthorized: false })
    : createConnection(place)
}

function open(origin: string, socket = connectTo(origin)): ClientHttp2Session {
  const session = connect(origin, { createConnection: () => socket })
  // Each stream reports the error as well.
  session.on('error', () => {})
  return session
}

function begin(
  session: ClientHttp2Session,
  { method, target, lines }: PreparedRequest,
): ClientHttp2Stream {
  const headers: Record<string, string | string[]> = { ':method': method, ':path': target }
  for (const [name, value] of lines) {
    if (OF_CONNECTIONS.has(name)) continue
    const before = headers[name]
    headers[name] = before === undefined ? value : [before, value].flat()
  }
  const stream = session.request(headers, { endStream: false })
  stream.on('error', () => {})
  return stream
}

async function sendBody(stream: ClientHttp2Stream, body: Uint8Array | StreamedBody): Promise<void> {
  if (!('chunks' in body)) {
    stream.end(body)
    return
  }
  for await (const chunk of body.chunks) {
    if (stream.destroyed) return
    if (chunk.byteLength > 0) stream.write(chunk)
  }
  stream.end()
}

function answerTo(stream: ClientHttp2Stream): Promise<Answer> {
  const interim: InterimAnswer[] = []
  stream.on('headers', (headers) => {
    interim.push({ status: statusOf(headers), headers: textsOf(headers) })
  })
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let head: IncomingHttpHeaders = {}
    stream.on('response', (headers) => (head = headers))
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('error', reject)
    stream.on('close', () => reject(new Error('the stream was closed before its response ended')))
    stream.on('end', () => {
      const bytes = Buffer.concat(chunks)
      const headers = textsOf(head)
      resolve({ status: statusOf(head), headers, bytes, text: bytes.toString(), interim })
    })
  })
}

function statusOf(headers: IncomingHttpHeaders): number {
  return Number(headers[':status'])
}

function textsOf(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !name.startsWith(':'))
      .map(([name, value]) => [name, [value ?? []].flat().join(', ')]),
  )
}
