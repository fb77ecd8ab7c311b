import { connectRaw } from '@tusker/testing'
import { once } from 'node:events'
import type { RequestListener, ServerOptions } from 'node:http'
import { createServer } from 'node:http'
import type { ClientHttp2Session, IncomingHttpHeaders } from 'node:http2'
import { connect, createServer as createHttp2Server } from 'node:http2'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { HostServer } from '../src/index.ts'
import { closeServer, nodeHandler, prepareServer } from '../src/index.ts'
import { selfSigned } from './support/certificate.ts'
import { handlerOf, head, NOTHING, sleep } from './support/serve.ts'

const pair = selfSigned()
const open: HostServer[] = []

afterEach(async () => {
  for (const server of open.splice(0)) {
    await closeServer(server, { close: () => Promise.resolve() }, { timeout: 50 })
  }
})

const uploads = handlerOf(async ({ body }) => {
  for await (const _ of body);
  return NOTHING
})

/** A route of the host that reads its body, and then responds. */
const reading: RequestListener = (req, res) => {
  req.resume().once('end', () => res.end('read'))
}

async function listening(server: HostServer): Promise<string> {
  open.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

const LAYERS = ['http', ...(pair === null ? [] : ['https'])]

describe.each(LAYERS)('a server of node:%s that is prepared for uploads', (scheme) => {
  async function serve(
    otherwise: RequestListener,
    { idleTimeout, ...limits }: ServerOptions & { readonly idleTimeout?: number },
  ): Promise<{ server: HostServer; connect: () => ReturnType<typeof connectRaw> }> {
    const handler = nodeHandler(uploads, { otherwise, onError() {} })
    const server =
      scheme === 'https' && pair !== null
        ? createTlsServer(Object.assign(limits, pair), handler)
        : createServer(limits, handler)
    prepareServer(server, idleTimeout === undefined ? {} : { idleTimeout })
    const address = await listening(server)
    return { server, connect: () => connectRaw(`${scheme}://${address}`) }
  }

  it('ends a silent body of a route of the host with 408', async () => {
    const { connect: dial } = await serve(reading, { idleTimeout: 200 })
    const connection = await dial()
    connection.write(`${head('POST /session', 'Content-Length: 10')}hello`)
    expect((await connection.answer()).status).toBe(408)
    await connection.over
  })

  it('ends a body of a route of the host that drips for longer than requestTimeout', async () => {
    const { connect: dial } = await serve(reading, { requestTimeout: 400, headersTimeout: 400 })
    const connection = await dial()
    connection.write(head('POST /session', 'Content-Length: 1000'))
    const drip = setInterval(() => connection.write('x'), 50)
    try {
      expect((await connection.answer()).status).toBe(408)
      await connection.over
    } finally {
      clearInterval(drip)
    }
  })

  it('receives an upload that drips for longer than requestTimeout', async () => {
    const { connect: dial } = await serve(reading, { requestTimeout: 800, headersTimeout: 800 })
    const connection = await dial()
    connection.write(head('PATCH /files/a', 'Content-Length: 20'))
    for (let sent = 0; sent < 20; sent += 1) {
      await sleep(60)
      connection.write('x')
    }
    expect((await connection.answer()).status).toBe(204)
    connection.close()
  })

  it('ends a silent body of an upload after requestTimeout, when the handler does not', async () => {
    const { connect: dial } = await serve(reading, {
      requestTimeout: 300,
      headersTimeout: 300,
      idleTimeout: 60_000,
    })
    const connection = await dial()
    connection.write(`${head('PATCH /files/a', 'Content-Length: 10')}hello`)
    expect((await connection.answer()).status).toBe(408)
    await connection.over
  })

  it('ends a response of the host whose client reads nothing', async () => {
    let isOver = false
    const endless: RequestListener = (_req, res) => {
      res.once('close', () => (isOver = true))
      const piece = Buffer.alloc(1024 * 1024)
      const more = (): void => {
        while (!res.destroyed && res.write(piece));
      }
      res.on('drain', more)
      more()
    }
    const { connect: dial } = await serve(endless, { idleTimeout: 300 })
    const connection = await dial()
    connection.pause()
    connection.write(head('GET /export'))
    await expect.poll(() => isOver).toBe(true)
    connection.reset()
  })

  it('waits for a response that takes longer than the client may be silent', async () => {
    const slow: RequestListener = (req, res) => {
      req.resume()
      setTimeout(() => res.end('done'), 500)
    }
    const { connect: dial } = await serve(slow, { idleTimeout: 100 })
    const connection = await dial()
    connection.write(`${head('POST /work', 'Content-Length: 5')}hello`)
    expect((await connection.answer()).body).toBe('done')
    connection.close()
  })

  it('keeps a time limit that the host sets on a response', async () => {
    const quick: RequestListener = (_req, res) => void res.setTimeout(100)
    const { connect: dial } = await serve(quick, { idleTimeout: 60_000 })
    const connection = await dial()
    connection.write(head('GET /never'))
    await connection.over
  })

  it('keeps an idle connection open when the host sets no limit for it', async () => {
    const { server, connect: dial } = await serve((_req, res) => res.end('ok'), {
      idleTimeout: 100,
      keepAliveTimeout: 0,
    })
    expect('keepAliveTimeout' in server && server.keepAliveTimeout).toBe(0)
    const connection = await dial()
    connection.write(head('GET /a'))
    await connection.answer()
    await sleep(300)
    connection.write(head('GET /a'))
    expect((await connection.answer()).body).toBe('ok')
    connection.close()
  })
})

describe('a server of node:http2 that is prepared for uploads', () => {
  async function serve(otherwise: RequestListener, idleTimeout: number): Promise<string> {
    const server = createHttp2Server(nodeHandler(uploads, { otherwise }))
    prepareServer(server, { idleTimeout })
    return `http://${await listening(server)}`
  }

  async function statusOf(session: ClientHttp2Session, path: string): Promise<number> {
    const stream = session.request({ ':method': 'POST', ':path': path }, { endStream: false })
    stream
      .on('error', () => {})
      .resume()
      .write('hello')
    const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders]
    return Number(headers[':status'])
  }

  it('ends a silent body of a route of the host with 408, and keeps the session', async () => {
    const session = connect(await serve(reading, 200))
    session.on('error', () => {})
    expect(await statusOf(session, '/session')).toBe(408)
    expect(session.closed).toBe(false)
    session.destroy()
  })

  it('ends a session that sends nothing', async () => {
    const origin = await serve(reading, 200)
    const connection = await connectRaw(origin)
    await connection.over
  })

  it('ends a session that is idle after a request', async () => {
    const session = connect(await serve((_req, res) => res.end('ok'), 200))
    session.on('error', () => {})
    const stream = session.request({ ':path': '/a' })
    stream.resume()
    await once(stream, 'close')
    await once(session, 'close')
  })

  it('keeps a session while a response takes its time', async () => {
    const slow: RequestListener = (_req, res) => void setTimeout(() => res.end('done'), 500)
    const session = connect(await serve(slow, 100))
    session.on('error', () => {})
    const stream = session.request({ ':path': '/a' })
    let text = ''
    stream.setEncoding('utf8').on('data', (chunk) => (text += String(chunk)))
    await once(stream, 'end')
    expect(text).toBe('done')
    session.destroy()
  })
})

it('prepareServer checks its time limit', () => {
  expect(() => prepareServer(createServer(), { idleTimeout: 0 })).toThrow(TypeError)
})
