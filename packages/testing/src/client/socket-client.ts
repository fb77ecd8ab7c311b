import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { ConnectionOptions } from 'node:tls'
import type { Answer, Client, InterimAnswer, PreparedRequest, StreamedBody } from './client.ts'
import { prepared } from './client.ts'

/**
 * A client of a server that listens at `origin`. Each request has a connection of its own. With
 * `https:` the certificate is not checked.
 */
export function socketClient(origin: string): Client {
  return {
    async send(line, fields = {}, body) {
      const request = prepared(line, fields, body)
      const outgoing = open(origin, request)
      const answer = answerTo(outgoing)
      // Not awaited: the response can come while a body is still being sent, or never ends.
      void sendBody(outgoing, request.body)
      try {
        return await answer
      } finally {
        outgoing.destroy()
      }
    },
    async sendUntil(count, line, fields, body) {
      const request = prepared(line, fields, body)
      // A server of TLS 1.3 sends session tickets. While one is unread, the kernel of the client resets the
      // connection in place of closing it, and the server loses bytes.
      const outgoing = open(origin, request, { maxVersion: 'TLSv1.2' })
      outgoing.on('error', () => {})
      const bytes = request.body instanceof Uint8Array ? request.body.subarray(0, count) : ''
      await new Promise<void>((resolve) => outgoing.write(bytes, () => resolve()))
      await new Promise<void>((resolve) => outgoing.destroy().once('close', resolve))
    },
  }
}

function open(
  origin: string,
  { method, target, lines }: PreparedRequest,
  tls: Pick<ConnectionOptions, 'maxVersion'> = {},
): ClientRequest {
  const { protocol, hostname, port, host } = new URL(origin)
  const headers = [['host', host], ['connection', 'close'], ...lines].flat()
  // Given as lines, fields keep their spelling, their order and their repetitions.
  const options = { hostname, port, method, path: target, headers, agent: false }
  return protocol === 'https:'
    ? httpsRequest({ ...options, ...tls, rejectUnauthorized: false })
    : httpRequest(options)
}

async function sendBody(outgoing: ClientRequest, body: Uint8Array | StreamedBody): Promise<void> {
  if (!('chunks' in body)) {
    outgoing.end(body)
    return
  }
  outgoing.flushHeaders()
  for await (const chunk of body.chunks) {
    if (outgoing.destroyed) return
    if (chunk.byteLength > 0) outgoing.write(chunk)
  }
  outgoing.addTrailers(body.trailers ?? {})
  outgoing.end()
}

function answerTo(outgoing: ClientRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let answered = false
    const interim: InterimAnswer[] = []
    outgoing.on('information', ({ statusCode, headers }) => {
      interim.push({ status: statusCode, headers: textsOf(headers) })
    })
    outgoing.on('error', (error) => {
      // A server that responds early may stop reading: its response is valid all the same.
      if (!answered) reject(error)
    })
    outgoing.on('response', (response) => {
      answered = true
      readAnswer(response, interim).then(resolve, reject)
    })
  })
}

async function readAnswer(
  response: IncomingMessage,
  interim: readonly InterimAnswer[],
): Promise<Answer> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  const bytes = Buffer.concat(chunks)
  const headers = textsOf(response.headers)
  return { status: response.statusCode ?? 0, headers, bytes, text: bytes.toString(), interim }
}

function textsOf(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]),
  )
}
