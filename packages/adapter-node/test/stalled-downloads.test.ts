import { once } from 'node:events'
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { closeServer, nodeHandler } from '../src/index.ts'
import { handlerOf, head, NOTHING, serve, sleep } from './support/serve.ts'

/** A download without end, and how often its source was closed. */
function endless(): { handler: ReturnType<typeof handlerOf>; closed(): number } {
  let closed = 0
  async function* source(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield await Promise.resolve(Buffer.alloc(256 * 1024))
    } finally {
      closed += 1
    }
  }
  const handler = handlerOf(() => ({ status: 200, headers: {}, body: source() }))
  return { handler, closed: () => closed }
}

describe('a download of nodeHandler', () => {
  it('is ended, and its source closed, when the client reads nothing', async () => {
    const { handler, closed } = endless()
    const { origin } = await serve(nodeHandler(handler, { downloadTimeout: 300 }))
    const socket = connect(Number(new URL(origin).port), '127.0.0.1')
    socket.on('error', () => {}).pause()
    socket.write(head('GET /files/a'))
    await expect.poll(closed).toBe(1)
    socket.destroy()
  })

  it('is ended over HTTP/2 when the client reads nothing', async () => {
    const { handler, closed } = endless()
    const server = createHttp2Server(nodeHandler(handler, { downloadTimeout: 300 }))
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    const session = connectHttp2(`http://127.0.0.1:${port}`)
    session.on('error', () => {})
    const stream = session.request({ ':path': '/files/a' })
    stream.on('error', () => {}).pause()
    await expect.poll(closed).toBe(1)
    session.destroy()
    await closeServer(server, { close: () => Promise.resolve() }, { timeout: 100 })
  })

  it('is not ended while its source is slow, and the connection stays usable', async () => {
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('hello')
      await sleep(500)
      yield Buffer.from('world')
    }
    const handler = handlerOf(({ method }) =>
      method === 'HEAD'
        ? NOTHING
        : { status: 200, headers: { 'content-length': '10' }, body: slow() },
    )
    const listener = nodeHandler(handler, { downloadTimeout: 100 })
    const { server, connect: raw } = await serve(listener)
    server.keepAliveTimeout = 0
    const connection = await raw()
    connection.write(head('GET /files/a'))
    expect((await connection.answer()).body).toBe('helloworld')
    await sleep(300)
    connection.write(head('HEAD /files/a'))
    expect((await connection.answer({ head: true })).status).toBe(204)
    connection.close()
  })

  it('nodeHandler refuses a timeout that is not valid, and an unknown option', () => {
    const { handler } = endless()
    expect(() => nodeHandler(handler, { downloadTimeout: 0 })).toThrow(TypeError)
    const misspelt = { onerror: () => {} } as object
    expect(() => nodeHandler(handler, misspelt)).toThrow(/there is no option `onerror`/)
  })
})
