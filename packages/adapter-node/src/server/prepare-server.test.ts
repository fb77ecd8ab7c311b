import type { RequestListener } from 'node:http'
import { describe, expect, it } from 'vitest'
import { prepareServer, nodeHandler } from '../index.ts'
import { handlerOf, head, NOTHING, serve } from '../../test/support/serve.ts'

const uploads = handlerOf(async ({ body }) => {
  for await (const _ of body);
  return NOTHING
})

const otherwise: RequestListener = (req, res) => {
  req.resume().once('end', () => res.end('other'))
}

describe('a client that waits for 100 Continue', () => {
  const expecting = (line: string): string =>
    head(line, 'Content-Length: 5', 'Expect: 100-continue')

  it('a waiting client gets 100 Continue when another listener reads its body', async () => {
    const { server, connect } = await serve(nodeHandler(uploads, { otherwise }))
    prepareServer(server)
    const connection = await connect()
    connection.write(expecting('POST /other'))
    expect((await connection.answer()).status).toBe(100)
    connection.write('hello')
    expect((await connection.answer()).body).toBe('other')
    connection.close()
  })

  it('a waiting client gets no 100 Continue when another listener responds without reading', async () => {
    const refusing: RequestListener = (_req, res) => res.writeHead(401).end()
    const { server, connect } = await serve(nodeHandler(uploads, { otherwise: refusing }))
    prepareServer(server)
    const connection = await connect()
    connection.write(expecting('POST /other'))
    expect((await connection.answer()).status).toBe(401)
    connection.close()
  })

  it('a waiting client is refused before it sends its body, wherever uploads are mounted', async () => {
    const refusing = handlerOf(() => ({ status: 403, headers: {} }))
    const mounted = nodeHandler(refusing)
    const { server, connect } = await serve((req, res) => {
      req.url = (req.url ?? '').replace(/^\/api/, '')
      mounted(req, res)
    })
    prepareServer(server)
    const connection = await connect()
    connection.write(expecting('PATCH /api/files/a'))
    expect((await connection.answer()).status).toBe(403)
    connection.close()
  })

  it('a waiting client is refused before it sends its body, also behind asynchronous middleware', async () => {
    const refusing = nodeHandler(handlerOf(() => ({ status: 403, headers: {} })))
    const { server, connect } = await serve((req, res) => {
      setTimeout(() => refusing(req, res), 20)
    })
    prepareServer(server)
    const connection = await connect()
    connection.write(expecting('PATCH /files/a'))
    expect((await connection.answer()).status).toBe(403)
    connection.close()
  })

  it('a waiting client is left to an existing listener for checkContinue', async () => {
    const { server, connect } = await serve(nodeHandler(uploads))
    server.on('checkContinue', (_req, res) => res.writeHead(417).end())
    prepareServer(server)
    const connection = await connect()
    connection.write(expecting('PATCH /files/a'))
    expect((await connection.answer()).status).toBe(417)
    connection.close()
  })
})
