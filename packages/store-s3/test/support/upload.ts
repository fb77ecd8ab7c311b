import type { HttpResponse, UploadServer } from '@tusker/core'

/** Bytes that say where in an upload they are. */
export function bytesAt(start: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let index = 0; index < length; index += 1) {
    const at = start + index
    bytes[index] = (at ^ (at >> 8) ^ (at >> 16)) & 0xff
  }
  return bytes
}

/** Sends a request to a server without a network between. */
export function request(
  server: UploadServer,
  method: string,
  path: string,
  fields: Readonly<Record<string, string>> = {},
  body: AsyncIterable<Uint8Array> = chunks(),
): Promise<HttpResponse> {
  return server.handle({
    method,
    path,
    prefix: '',
    headers: new Headers({ 'tus-resumable': '1.0.0', ...fields }),
    body,
    context: null,
    remoteAddress: null,
    signal: new AbortController().signal,
  })
}

/** Bytes in chunks as a socket delivers them. */
export async function* chunks(...parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    for (let at = 0; at < part.byteLength; at += 65_536) yield part.subarray(at, at + 65_536)
  }
}

export function patch(
  server: UploadServer,
  path: string,
  offset: number,
  body: Uint8Array | AsyncIterable<Uint8Array>,
): Promise<HttpResponse> {
  const fields = {
    'upload-offset': String(offset),
    'content-type': 'application/offset+octet-stream',
  }
  return request(server, 'PATCH', path, fields, body instanceof Uint8Array ? chunks(body) : body)
}

export async function create(server: UploadServer, length: number): Promise<string> {
  const { status, headers } = await request(server, 'POST', '/files', {
    'upload-length': String(length),
  })
  if (status !== 201) throw new Error(`POST was answered by ${status}`)
  return String(headers?.['location'])
}

/** Creates an upload with all its bytes in one request, and returns its path. */
export async function createWith(server: UploadServer, body: Uint8Array): Promise<string> {
  const length = String(body.byteLength)
  const { status, headers } = await request(
    server,
    'POST',
    '/files',
    {
      'upload-length': length,
      'content-length': length,
      'content-type': 'application/offset+octet-stream',
    },
    chunks(body),
  )
  if (status !== 201 || headers?.['upload-offset'] !== length) {
    throw new Error(`POST was answered by ${status}`)
  }
  return String(headers?.['location'])
}

/** The offset that HEAD reports. */
export async function offsetOf(server: UploadServer, path: string): Promise<number> {
  const { status, headers } = await request(server, 'HEAD', path)
  if (status !== 200) throw new Error(`HEAD was answered by ${status}`)
  return Number(headers?.['upload-offset'])
}

/** A client sends a POST again that was answered by 5xx. */
async function createAgain(server: UploadServer, length: number): Promise<string> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await create(server, length)
    } catch (error) {
      if (tries === 3) throw error
    }
  }
}

/** Uploads bytes as a client does that resumes after every failure, and returns the path. */
async function uploadAll(
  server: UploadServer,
  body: Uint8Array,
  cuts: readonly number[] = [],
): Promise<string> {
  const path = await createAgain(server, body.byteLength)
  let offset = 0
  for (const end of [...cuts, body.byteLength]) {
    for (let tries = 0; offset < end; tries += 1) {
      if (tries === 10) throw new Error(`the upload stays at ${offset}`)
      await patch(server, path, offset, body.subarray(offset, end))
      const now = await offsetOf(server, path).catch(() => offset)
      if (now < offset) throw new Error(`the offset went back from ${offset} to ${now}`)
      offset = now
    }
  }
  return path
}

async function get(server: UploadServer, path: string): Promise<Buffer> {
  const { status, body } = await request(server, 'GET', path)
  if (status !== 200) throw new Error(`GET was answered by ${status}`)
  if (body === undefined || typeof body === 'string') return Buffer.from(body ?? '')
  const parts: Uint8Array[] = []
  for await (const chunk of body) parts.push(chunk)
  return Buffer.concat(parts)
}

/** Uploads bytes; `get` downloads them. */
export const upload: typeof uploadAll & { readonly get: typeof get } = Object.assign(uploadAll, {
  get,
})
