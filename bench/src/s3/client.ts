import { once } from 'node:events'
import { Agent, request } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

/** How a client sends an upload: in two requests, or in one. */
export type Way = 'POST, PATCH' | 'POST with bytes'

/** A response of the server. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

const agent = new Agent({ keepAlive: true })
const CHUNK = 256 * 1024
const BYTES = { 'content-type': 'application/offset+octet-stream' }

/** Sends one request with `length` bytes. `bytesAt` returns those from a position on. */
export async function send(
  port: number,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  length = 0,
  bytesAt: (start: number, length: number) => Buffer = fillerAt,
): Promise<Answer> {
  const fields = { 'tus-resumable': '1.0.0', 'content-length': String(length), ...headers }
  const sending = request({ agent, host: '127.0.0.1', port, method, path, headers: fields })
  const answered = once(sending, 'response')
  // The server may answer early, and the rest is not written then.
  sending.on('error', () => {})
  for (let at = 0; at < length && !sending.destroyed; at += CHUNK) {
    const size = Math.min(CHUNK, length - at)
    if (!sending.write(bytesAt(at, size))) await Promise.race([once(sending, 'drain'), answered])
  }
  sending.end()
  const [response] = (await answered) as [IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  const { statusCode = 0, headers: given } = response
  return { status: statusCode, headers: given, body: Buffer.concat(chunks) }
}

/** Sends an upload. Throws unless all its bytes were accepted. */
export async function upload(port: number, length: number, way: Way): Promise<void> {
  const size = { 'upload-length': String(length) }
  if (way === 'POST with bytes') {
    const { status, headers } = await send(port, 'POST', '/files', { ...size, ...BYTES }, length)
    if (status !== 201 || headers['upload-offset'] !== String(length)) {
      throw new Error(`POST was answered ${status}, and does not have all bytes`)
    }
    return
  }
  const path = await create(port, length)
  const fields = { ...BYTES, 'upload-offset': '0' }
  const { status } = await send(port, 'PATCH', path, fields, length)
  if (status !== 204) throw new Error(`PATCH was answered ${status}`)
}

/** Creates an upload, and returns its path. */
export async function create(port: number, length: number): Promise<string> {
  const fields = { 'upload-length': String(length) }
  const { status, headers } = await send(port, 'POST', '/files', fields)
  if (status !== 201) throw new Error(`POST was answered ${status}`)
  return new URL(headers.location ?? '', 'http://server').pathname
}

/** The fields of a PATCH. */
export const patchFields = (offset: number): Record<string, string> => ({
  ...BYTES,
  'upload-offset': String(offset),
})

const filler = Buffer.alloc(CHUNK, 'tusker')

function fillerAt(_start: number, length: number): Buffer {
  return filler.subarray(0, length)
}
