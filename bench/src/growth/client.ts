import type { HeaderReader, HttpRequest, HttpResponse, UploadServer } from '@tusker/core'

/** Sends requests to an upload server within this process. Throws unless the response is a success. */
export interface DirectClient {
  create(length: number): Promise<string>
  head(path: string): Promise<void>
  patch(path: string, offset: number, body: Body): Promise<void>
}

/** Bytes to send, and how many they are. */
export interface Body {
  readonly length: number
  readonly chunks: Iterable<Uint8Array>
}

const VERSION = { 'tus-resumable': '1.0.0' }
const TYPE = { 'content-type': 'application/offset+octet-stream' }
const NOTHING: Body = { length: 0, chunks: [] }

export function directClient(server: UploadServer): DirectClient {
  async function send(
    method: string,
    path: string,
    fields: Readonly<Record<string, string>>,
    { length, chunks }: Body = NOTHING,
  ): Promise<HttpResponse> {
    const headers = fieldsOf({ ...VERSION, ...fields, 'content-length': String(length) })
    const body = streamOf(chunks)
    const { signal } = new AbortController()
    const request: HttpRequest = {
      method,
      path,
      prefix: '',
      headers,
      body,
      signal,
      context: null,
      remoteAddress: null,
    }
    const response = await server.handle(request)
    if (response.status >= 300) throw new Error(`${method} was answered ${response.status}`)
    return response
  }

  return {
    async create(length) {
      const { headers } = await send('POST', '/files', { 'upload-length': String(length) })
      return headers['location'] ?? ''
    },
    async head(path) {
      await send('HEAD', path, {})
    },
    async patch(path, offset, body) {
      await send('PATCH', path, { ...TYPE, 'upload-offset': String(offset) }, body)
    },
  }
}

function fieldsOf(fields: Readonly<Record<string, string>>): HeaderReader {
  return { get: (name) => fields[name] ?? null }
}

async function* streamOf(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield chunk
}
