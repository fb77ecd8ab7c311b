import { describe, expect, it } from 'vitest'
import { nodeHandler } from '../index.ts'
import { handlerOf, head, NOTHING, serve, sleep } from '../../test/support/serve.ts'

const PATCH = head('PATCH /files/a', 'Content-Length: 10000000')

interface Reading {
  bytes: number
  /** What happened, in order. */
  readonly events: string[]
}

/** Reads a body as a slow store does, and notes what it hears. */
function slowReader(pause: number): { handler: ReturnType<typeof handlerOf>; reading: Reading } {
  const reading: Reading = { bytes: 0, events: [] }
  const handler = handlerOf(async ({ body, signal }) => {
    signal.addEventListener('abort', () => reading.events.push(`gone after ${reading.bytes}`))
    try {
      for await (const chunk of body) {
        reading.bytes += chunk.byteLength
        await sleep(pause)
      }
      reading.events.push('ended')
    } catch {
      reading.events.push('lost')
    }
    return NOTHING
  })
  return { handler, reading }
}

describe('the body of a request', () => {
  it.each(['close', 'reset'] as const)(
    'a request body yields all bytes before a %s, and then reports that the client is gone',
    async (leave) => {
      const { handler, reading } = slowReader(30)
      const { server, connect } = await serve(nodeHandler(handler))
      let arrived = 0
      server.on('connection', (socket) => {
        socket.once('close', () => (arrived = socket.bytesRead - PATCH.length))
      })
      const connection = await connect()
      connection.write(PATCH + 'x'.repeat(300_000))
      await sleep(50)
      connection[leave]()
      await expect.poll(() => reading.events).toContain('lost')
      expect(arrived).toBeGreaterThan(100_000)
      expect(reading.events).toEqual([`gone after ${arrived}`, 'lost'])
    },
  )

  it('a small request body that came with its head is read without waiting, and the connection stays usable', async () => {
    const turns: number[] = []
    const handler = handlerOf(async ({ body }) => {
      let ticks = 0
      for await (const chunk of body) {
        turns.push(chunk.byteLength)
        process.nextTick(() => (ticks += 1))
      }
      turns.push(ticks)
      return NOTHING
    })
    const { connect } = await serve(nodeHandler(handler))
    const connection = await connect()
    for (let count = 1; count <= 3; count += 1) {
      connection.write(`${head('PATCH /files/a', 'Content-Length: 5')}hello`)
      // A body that waits for Node's end of the message ends after other callbacks.
      await expect.poll(() => turns).toHaveLength(2 * count)
    }
    expect(turns).toEqual([5, 0, 5, 0, 5, 0])
  })

  it('a request body is complete when all its chunks arrived before the first read', async () => {
    const request = head('PATCH /files/a', 'Content-Length: 12000')
    let arrived = (): number => 0
    let bytes = 0
    const handler = handlerOf(async ({ body }) => {
      // Node 26 returns buffered bytes chunk by chunk.
      await expect.poll(() => arrived()).toBe(request.length + 12_000)
      for await (const chunk of body) bytes += chunk.byteLength
      return NOTHING
    })
    const { server, connect } = await serve(nodeHandler(handler))
    server.on('connection', (socket) => (arrived = () => socket.bytesRead))
    const connection = await connect()
    connection.write(request)
    for (let piece = 1; piece <= 4; piece += 1) {
      connection.write('x'.repeat(3_000))
      await expect.poll(() => arrived()).toBe(request.length + piece * 3_000)
    }
    await expect.poll(() => bytes).toBe(12_000)
  })

  it('a request body is complete when the client disconnects after its last byte', async () => {
    const { handler, reading } = slowReader(50)
    const { connect } = await serve(nodeHandler(handler))
    const connection = await connect()
    connection.write(head('PATCH /files/a', 'Content-Length: 200000') + 'x'.repeat(200_000))
    await sleep(60)
    connection.reset()
    await expect.poll(() => reading.events).toContain('ended')
    expect(reading.bytes).toBe(200_000)
  })

  it('a request body makes the client wait for a slow store', async () => {
    const { handler, reading } = slowReader(60_000)
    const { server, connect } = await serve(nodeHandler(handler))
    let received = (): number => 0
    server.on('connection', (socket) => (received = () => socket.bytesRead))
    const connection = await connect()
    connection.write(PATCH + 'x'.repeat(10_000_000))
    await sleep(300)
    expect(reading.bytes).toBeGreaterThan(0)
    expect(received()).toBeLessThan(1_000_000)
    connection.reset()
  })

  it('a request body can be stopped while it waits, and the connection serves the next request', async () => {
    const impatient = handlerOf(async ({ method, body }) => {
      if (method === 'HEAD') return NOTHING
      const chunks = body[Symbol.asyncIterator]()
      await chunks.next()
      void chunks.next()
      return NOTHING
    })
    const { connect } = await serve(nodeHandler(impatient))
    const connection = await connect()
    connection.write(`${head('PATCH /files/a', 'Content-Length: 300005')}hello`)
    expect((await connection.answer()).status).toBe(204)
    connection.write('x'.repeat(300_000) + head('HEAD /files/a'))
    expect((await connection.answer({ head: true })).status).toBe(204)
    connection.close()
  })

  it('stopping a request body ends a pending read', async () => {
    const done: unknown[] = []
    const leaving = handlerOf(async ({ body }) => {
      const chunks = body[Symbol.asyncIterator]()
      const next = chunks.next()
      await chunks.return?.()
      done.push((await next).done, (await chunks.next()).done)
      return NOTHING
    })
    const { connect } = await serve(nodeHandler(leaving))
    const connection = await connect()
    connection.write(PATCH)
    await connection.answer()
    expect(done).toEqual([true, true])
    connection.reset()
  })
})
