import { describe, expect, it } from 'vitest'
import { nodeHandler } from '../src/index.ts'
import { handlerOf, head, NOTHING, serve, sleep } from './support/serve.ts'

const COUNT = 20_000

describe('requests that a client pipelines', () => {
  it('are not all read while the first one waits, and are all answered after it', async () => {
    let release = (): void => {}
    const released = new Promise<void>((resolve) => (release = resolve))
    let answered = 0
    const handler = handlerOf(async () => {
      await released
      answered += 1
      return NOTHING
    })
    const { server, connect } = await serve(nodeHandler(handler))
    let taken = 0
    server.on('request', () => (taken += 1))
    const connection = await connect()
    connection.write(head('GET /files/a').repeat(COUNT))
    await expect.poll(() => taken).toBeGreaterThan(16)
    await sleep(500)
    // One read of the connection, of 64 KiB, holds about 2,000 requests.
    expect(taken).toBeLessThan(COUNT / 2)
    release()
    await expect.poll(() => answered).toBe(COUNT)
    connection.close()
  })
})
