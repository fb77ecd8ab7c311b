import type { UploadServer } from '@tusker/core'
import { createUploadServer } from '@tusker/core'
import { memoryStore } from '@tusker/store-memory'
import { once } from 'node:events'
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2'
import { connect, constants, createSecureServer, createServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { HostServer, NodeContext } from '../src/index.ts'
import { selfSigned } from './support/certificate.ts'
import { closeServer, nodeHandler } from '../src/index.ts'

type Fields = Readonly<Record<string, string | number>>

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

const pair = selfSigned()
if (pair === null) console.info('HTTP/2 over TLS is not tested: there is no openssl')

describe.each(['cleartext', ...(pair === null ? [] : ['TLS'])])('HTTP/2 over %s', (layer) => {
  let server: HostServer
  let uploads: UploadServer<NodeContext>
  let session: ClientHttp2Session

  async function open(
    options: Partial<Parameters<typeof createUploadServer<NodeContext>>[0]> = {},
  ): Promise<void> {
    const store = memoryStore({ maxLength: Number.MAX_SAFE_INTEGER })
    uploads = createUploadServer<NodeContext>({
      path: '/files',
      store,
      downloads: true,
      ...options,
    })
    const handler = nodeHandler(uploads)
    const secure = layer === 'TLS' && pair !== null
    server = secure ? createSecureServer(pair, handler) : createServer(handler)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    session = connect(`${secure ? 'https' : 'http'}://127.0.0.1:${port}`, {
      ...(pair !== null && { ca: pair.cert }),
    })
    session.on('error', () => {})
  }

  afterEach(async () => {
    session?.destroy()
    await closeServer(server, uploads, { timeout: 100 })
  })

  function begin(line: string, fields: Fields = {}): ClientHttp2Stream {
    const [method = '', path = ''] = line.split(' ')
    const append = method === 'PATCH' ? { 'content-type': 'application/offset+octet-stream' } : {}
    const stream = session.request(
      { ':method': method, ':path': path, 'tus-resumable': '1.0.0', ...append, ...fields },
      { endStream: false },
    )
    stream.on('error', () => {})
    return stream
  }

  async function answerTo(stream: ClientHttp2Stream): Promise<Answer> {
    let text = ''
    // At once: without a listener, a response that is reset after its end is lost.
    stream.setEncoding('utf8').on('data', (chunk) => (text += String(chunk)))
    const ended = once(stream, 'end')
    const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders]
    await ended
    return { status: Number(headers[':status']), headers, text }
  }

  function send(line: string, fields: Fields = {}, body = ''): Promise<Answer> {
    return answerTo(begin(line, fields).end(body))
  }

  async function create(length: number): Promise<string> {
    const created = await send('POST /files', { 'upload-length': length })
    expect(created.status).toBe(201)
    return created.headers.location ?? ''
  }

  const offsetOf = async (path: string): Promise<number> =>
    Number((await send(`HEAD ${path}`)).headers['upload-offset'])

  it('an upload over HTTP/2 is received in several requests and served again', async () => {
    await open()
    const path = await create(10)
    const first = await send(`PATCH ${path}`, { 'upload-offset': 0 }, 'hello')
    expect([first.status, first.headers['upload-offset']]).toEqual([204, '5'])
    const look = await send(`HEAD ${path}`)
    expect([look.status, look.headers['upload-offset']]).toEqual([200, '5'])
    expect((await send(`PATCH ${path}`, { 'upload-offset': 5 }, 'world')).status).toBe(204)
    expect((await send(`GET ${path}`)).text).toBe('helloworld')
    expect((await send(`DELETE ${path}`)).status).toBe(204)
    expect((await send(`HEAD ${path}`)).status).toBe(404)
  })

  it('a request over HTTP/2 is refused while the client sends, and the connection stays open', async () => {
    await open()
    const path = await create(10_000_000)
    const refused = begin(`PATCH ${path}`, { 'upload-offset': 3 })
    const piece = Buffer.alloc(64 * 1024)
    const sending = setInterval(() => refused.writable && refused.write(piece), 5)
    try {
      expect((await answerTo(refused)).status).toBe(409)
      if (!refused.closed) await once(refused, 'close')
      expect(refused.rstCode).toBe(constants.NGHTTP2_NO_ERROR)
    } finally {
      clearInterval(sending)
    }
    expect(session.closed).toBe(false)
    const appended = await send(`PATCH ${path}`, { 'upload-offset': 0 }, 'hello')
    expect(appended.status).toBe(204)
  })

  it('a body over HTTP/2 that is too long is ended, and the connection stays open', async () => {
    await open()
    const path = await create(8)
    const append = begin(`PATCH ${path}`, { 'upload-offset': 0 })
    append.write('hello')
    append.write('world')
    expect((await answerTo(append)).status).toBe(413)
    if (!append.closed) await once(append, 'close')
    expect(append.rstCode).toBe(constants.NGHTTP2_NO_ERROR)
    expect(await offsetOf(path)).toBe(8)
  })

  it('a body over HTTP/2 that pauses for too long is ended, and the connection stays open', async () => {
    await open({ idleTimeout: 200 })
    const path = await create(10)
    const append = begin(`PATCH ${path}`, { 'upload-offset': 0 })
    append.write('hello')
    expect((await answerTo(append)).status).toBe(423)
    if (!append.closed) await once(append, 'close')
    expect(await offsetOf(path)).toBe(5)
  })

  it('bytes that arrived before the client cancelled its HTTP/2 stream are kept', async () => {
    await open()
    const path = await create(10)
    const append = begin(`PATCH ${path}`, { 'upload-offset': 0 })
    append.write('hello')
    await expect.poll(() => offsetOf(path)).toBe(5)
    append.close(constants.NGHTTP2_CANCEL)
    expect((await send(`PATCH ${path}`, { 'upload-offset': 5 }, 'world')).status).toBe(204)
    expect((await send(`GET ${path}`)).text).toBe('helloworld')
  })

  it('a creation over HTTP/2 that the client cancelled is undone', async () => {
    const events: string[] = []
    await open({ onEvent: ({ type }) => events.push(type) })
    // A small upload would be created only once all of it is there.
    const creation = begin('POST /files', {
      'upload-length': 100_000,
      'content-length': 100_000,
      'content-type': 'application/offset+octet-stream',
    })
    creation.write('hello')
    await expect.poll(() => events).toContain('created')
    creation.close(constants.NGHTTP2_CANCEL)
    // The client never got the URL.
    await expect.poll(() => events).toContain('removed')
  })

  it('two uploads are appended at the same time over one HTTP/2 session', async () => {
    await open()
    const [one, other] = [await create(10), await create(10)]
    const slow = begin(`PATCH ${one}`, { 'upload-offset': 0 })
    slow.write('hello')
    expect((await send(`PATCH ${other}`, { 'upload-offset': 0 }, 'helloworld')).status).toBe(204)
    slow.end('world')
    expect((await answerTo(slow)).status).toBe(204)
  })

  it('a client over HTTP/2 gets 100 Continue only when the server reads its body', async () => {
    await open()
    const path = await create(5)
    const expectation = { expect: '100-continue', 'content-length': 5 }
    const wanted = begin(`PATCH ${path}`, { 'upload-offset': 0, ...expectation })
    await once(wanted, 'continue')
    wanted.end('hello')
    expect((await answerTo(wanted)).status).toBe(204)

    const refused = begin(`PATCH ${path}`, { 'upload-offset': 3, ...expectation })
    let continued = false
    refused.once('continue', () => (continued = true))
    expect((await answerTo(refused)).status).toBe(409)
    expect(continued).toBe(false)
  })

  it('informational responses over HTTP/2 arrive before the response', async () => {
    await open()
    uploads.handle = (request) => {
      request.inform?.(104, { 'upload-offset': '5' })
      return Promise.resolve({ status: 204, headers: {} })
    }
    const stream = begin('PATCH /files/x').end('hello')
    const informed = once(stream, 'headers') as Promise<[IncomingHttpHeaders]>
    expect((await answerTo(stream)).status).toBe(204)
    expect((await informed)[0]).toMatchObject({ ':status': 104, 'upload-offset': '5' })
  })

  it('shuts down in order: bytes are kept, and the client gets a response to retry on', async () => {
    await open()
    const path = await create(10)
    const append = begin(`PATCH ${path}`, { 'upload-offset': 0 })
    append.write('hello')
    await expect.poll(() => offsetOf(path)).toBe(5)
    const began = performance.now()
    const left = closeServer(server, uploads, { timeout: 5_000 })
    const answer = await answerTo(append)
    expect(answer.status).toBe(503)
    expect(answer.headers['retry-after']).toBeDefined()
    await left
    expect(performance.now() - began).toBeLessThan(4_500)
  })

  it('an HTTP/2 server survives a client that loses its connection', async () => {
    await open()
    const path = await create(10)
    const append = begin(`PATCH ${path}`, { 'upload-offset': 0 })
    append.write('hello')
    await expect.poll(() => offsetOf(path)).toBe(5)
    session.destroy()
    const { port } = server.address() as AddressInfo
    session = connect(`${layer === 'TLS' ? 'https' : 'http'}://127.0.0.1:${port}`, {
      ...(pair !== null && { ca: pair.cert }),
    })
    expect((await send(`PATCH ${path}`, { 'upload-offset': 5 }, 'world')).status).toBe(204)
  })
})
