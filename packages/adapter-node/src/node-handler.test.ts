import type { HttpRequest, HttpResponse, RequestHandler } from '@tusker/core'
import { connectRaw } from '@tusker/testing'
import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { NodeContext } from './index.ts'
import { closeServer, nodeHandler } from './index.ts'

type Answer = (request: HttpRequest<NodeContext>) => HttpResponse | Promise<HttpResponse>

/** A handler at /files with the given response. */
const handlerOf = (answer: Answer): RequestHandler<NodeContext> => ({
  matches: (path) => path.startsWith('/files'),
  handle: (request) => Promise.resolve(answer(request)),
})

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push(() => closeServer(server, { close: () => Promise.resolve() }, { timeout: 200 }))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const NOTHING: HttpResponse = { status: 204, headers: {} }

describe('nodeHandler', () => {
  it('nodeHandler passes other paths to `otherwise`', async () => {
    const otherwise: RequestListener = (_req, res) => res.end('other')
    const origin = await serve(
      nodeHandler(
        handlerOf(() => NOTHING),
        { otherwise },
      ),
    )
    expect((await fetch(`${origin}/files`)).status).toBe(204)
    expect(await (await fetch(`${origin}/x`)).text()).toBe('other')
  })

  it('nodeHandler answers 404 for other paths without `otherwise`', async () => {
    const origin = await serve(nodeHandler(handlerOf(() => NOTHING)))
    expect((await fetch(`${origin}/x`)).status).toBe(404)
  })

  it('nodeHandler reports the cause of a 5xx once, and does not send it', async () => {
    const errors: unknown[] = []
    const cause = new Error('secret')
    const failing = handlerOf(() => ({ status: 500, headers: {}, body: 'sorry', cause }))
    const origin = await serve(nodeHandler(failing, { onError: (error) => errors.push(error) }))
    const response = await fetch(`${origin}/files`)
    expect([response.status, await response.text()]).toEqual([500, 'sorry'])
    expect(errors).toEqual([cause])
  })

  it('nodeHandler reports an error when other code has read the body', async () => {
    const errors: unknown[] = []
    const uploads = nodeHandler(
      handlerOf(() => NOTHING),
      { onError: (error) => errors.push(error) },
    )
    const origin = await serve((req, res) => {
      req.resume().once('end', () => uploads(req, res))
    })
    const response = await fetch(`${origin}/files/a`, { method: 'PATCH', body: 'hello' })
    expect(response.status).toBe(500)
    expect(String(errors[0])).toContain('mount uploads before body parsers')
  })

  it('nodeHandler cuts the connection of a download that fails, so that no client takes it as complete', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from('hello'))
      throw new Error('the disk is gone')
    }
    const errors: unknown[] = []
    const download = handlerOf(() => ({
      status: 200,
      headers: { 'content-length': '10' },
      body: failing(),
    }))
    const origin = await serve(nodeHandler(download, { onError: (error) => errors.push(error) }))
    await expect(fetch(`${origin}/files/a`).then((response) => response.text())).rejects.toThrow()
    expect(String(errors[0])).toContain('the disk is gone')
  })

  it('nodeHandler stops reading a download whose client has disconnected', async () => {
    let stopped = false
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield await Promise.resolve(Buffer.alloc(100_000))
      } finally {
        stopped = true
      }
    }
    const origin = await serve(
      nodeHandler(handlerOf(() => ({ status: 200, headers: {}, body: endless() }))),
    )
    const connection = await connectRaw(origin)
    connection.write('GET /files/a HTTP/1.1\r\nHost: x\r\n\r\n')
    await new Promise((resolve) => setTimeout(resolve, 100))
    connection.reset()
    await expect.poll(() => stopped).toBe(true)
  })

  it('nodeHandler sends informational responses where HTTP allows them', async () => {
    const informing = handlerOf((request) => {
      request.inform?.(104, { 'upload-offset': '5\r\nx: y' })
      return NOTHING
    })
    const connection = await connectRaw(await serve(nodeHandler(informing)))
    connection.write('GET /files/a HTTP/1.1\r\nHost: x\r\n\r\n')
    const information = await connection.answer()
    expect([information.status, information.headers['x']]).toEqual([104, undefined])
    expect((await connection.answer()).status).toBe(204)
    connection.close()
  })

  it('nodeHandler provides trailers once the body has ended', async () => {
    let seen: string | null | undefined
    const reading = handlerOf(async ({ body, trailers }) => {
      for await (const _ of body);
      seen = (await trailers?.())?.get('Upload-Checksum')
      return NOTHING
    })
    const connection = await connectRaw(await serve(nodeHandler(reading)))
    const head = 'PATCH /files/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n'
    connection.write(`${head}5\r\nhello\r\n0\r\nUpload-Checksum: sha1 x\r\n\r\n`)
    await connection.answer()
    expect(seen).toBe('sha1 x')
    connection.close()
  })
})

describe('closeServer', () => {
  it('closeServer cuts connections that do not end', async () => {
    const server = createServer(nodeHandler(handlerOf(() => new Promise(() => {})))).listen(0)
    await once(server, 'listening')
    const connection = await connectRaw(
      `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    )
    connection.write('GET /files HTTP/1.1\r\nHost: x\r\n\r\n')
    await new Promise((resolve) => setTimeout(resolve, 50))
    const began = performance.now()
    await closeServer(server, { close: () => Promise.resolve() }, { timeout: 300 })
    expect(performance.now() - began).toBeGreaterThan(250)
    await connection.over
  })
})
