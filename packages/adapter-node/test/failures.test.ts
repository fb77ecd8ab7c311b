import type { RequestHandler } from '@tusker/core'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { NodeContext } from '../src/index.ts'
import { closeServer, nodeHandler } from '../src/index.ts'
import { handlerOf, head, NOTHING, serve, sleep } from './support/serve.ts'

describe('nodeHandler and failures', () => {
  it('an onError listener that throws changes no response', async () => {
    const failing = handlerOf(() => Promise.reject(new Error('secret')))
    const onError = (): void => {
      throw new Error('from the listener')
    }
    const { origin } = await serve(nodeHandler(failing, { onError }))
    for (let time = 0; time < 2; time += 1) {
      const response = await fetch(`${origin}/files/a`)
      expect([response.status, await response.text()]).toEqual([500, ''])
    }
  })

  it('a handler whose `matches` throws is answered 500', async () => {
    const errors: unknown[] = []
    const broken: RequestHandler<NodeContext> = {
      matches: (path) => decodeURIComponent(path) === '/files',
      handle: () => Promise.resolve(NOTHING),
    }
    const { origin } = await serve(nodeHandler(broken, { onError: (error) => errors.push(error) }))
    expect((await fetch(`${origin}/%ff`)).status).toBe(500)
    expect((await fetch(`${origin}/files`)).status).toBe(204)
    expect(errors[0]).toBeInstanceOf(URIError)
  })

  it('a response that cannot be sent becomes a 500', async () => {
    const errors: unknown[] = []
    const crooked = handlerOf(() => ({ status: 201, headers: { location: 'a\nb' } }))
    const { origin } = await serve(nodeHandler(crooked, { onError: (error) => errors.push(error) }))
    const response = await fetch(`${origin}/files`)
    expect([response.status, response.statusText]).toEqual([500, 'Internal Server Error'])
    expect(errors).toHaveLength(1)
  })
})

describe('a client that disconnects', () => {
  it('a client that disconnects before its download starts closes the source of the download', async () => {
    let [opened, closed] = [0, 0]
    async function* source(): AsyncGenerator<Uint8Array> {
      opened += 1
      try {
        for (;;) yield await Promise.resolve(Buffer.alloc(100_000))
      } finally {
        closed += 1
      }
    }
    const slow = handlerOf(async () => {
      await sleep(50)
      return { status: 200, headers: {}, body: source() }
    })
    const { connect } = await serve(nodeHandler(slow))
    const connection = await connect()
    connection.write(head('GET /files/a'))
    await sleep(10)
    connection.reset()
    await sleep(150)
    expect(closed).toBe(opened)
  })

  it('a client that disconnects right after the last byte of a download causes no error', async () => {
    async function* source(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.alloc(100_000))
      await sleep(20)
    }
    const errors: unknown[] = []
    const download = handlerOf(() => ({
      status: 200,
      headers: { 'content-length': '100000' },
      body: source(),
    }))
    const { connect } = await serve(
      nodeHandler(download, { onError: (error) => errors.push(error) }),
    )
    for (const leave of ['close', 'reset'] as const) {
      const connection = await connect()
      connection.write(head('GET /files/a'))
      await connection.answer()
      connection[leave]()
    }
    await sleep(100)
    expect(errors).toEqual([])
  })

  it('a client that disconnects aborts its pipelined requests that still wait', async () => {
    const handled: string[] = []
    const untilAborted = handlerOf(async ({ path, signal }) => {
      handled.push(signal.aborted ? `${path} gone` : path)
      if (!signal.aborted) await once(signal, 'abort')
      return NOTHING
    })
    const { connect } = await serve(nodeHandler(untilAborted))
    const connection = await connect()
    connection.write(head('GET /files/a') + head('GET /files/b'))
    await expect.poll(() => handled).toEqual(['/files/a'])
    connection.reset()
    await expect.poll(() => handled).toEqual(['/files/a', '/files/b gone'])
  })
})

describe('closeServer', () => {
  it('closeServer resolves after its timeout, even while requests run', async () => {
    const { server, connect } = await serve(nodeHandler(handlerOf(() => new Promise(() => {}))))
    const connection = await connect()
    connection.write(head('GET /files/a'))
    await once(server, 'request')
    const began = performance.now()
    await closeServer(server, { close: () => new Promise(() => {}) }, { timeout: 200 })
    expect(performance.now() - began).toBeLessThan(10_000)
    await connection.over
  })
})
