import { describe, expect, it } from 'vitest'
import type { MeteredBody } from './metered-body.ts'
import { meter } from './metered-body.ts'

const chunk = (text: string): Uint8Array => new TextEncoder().encode(text)

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield await Promise.resolve(chunk(text))
}

/** Sends one chunk and then nothing, as a client on a dead network does. */
async function* stalling(text: string): AsyncGenerator<Uint8Array> {
  yield chunk(text)
  await new Promise(() => {})
}

async function drained(body: MeteredBody): Promise<string> {
  let text = ''
  for await (const part of body) text += new TextDecoder().decode(part)
  return text
}

describe('meter', () => {
  it('meter passes a whole body on and counts its bytes', async () => {
    const body = meter(chunks('hello', 'world'), { limit: 10 })
    expect(await drained(body)).toBe('helloworld')
    expect(body).toMatchObject({ count: 10, end: 'complete' })
  })

  it('meter cuts the chunk that crosses the limit', async () => {
    const seen: string[] = []
    const body = meter(chunks('hello', 'world'), {
      limit: 7,
      onChunk: (part) => seen.push(new TextDecoder().decode(part)),
    })
    expect(await drained(body)).toBe('hellowo')
    expect(body).toMatchObject({ count: 7, end: 'over_limit' })
    expect(seen).toEqual(['hello', 'wo'])
  })

  it('meter reports over_limit for a body with more bytes after an exactly filled limit', async () => {
    const body = meter(chunks('hello', 'w'), { limit: 5 })
    expect(await drained(body)).toBe('hello')
    expect(body.end).toBe('over_limit')
  })

  it('a metered body ends without an error when the client disconnects', async () => {
    async function* lost(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(chunk('hello'))
      throw new Error('aborted')
    }
    const body = meter(lost(), { limit: 10 })
    expect(await drained(body)).toBe('hello')
    expect(body).toMatchObject({ count: 5, end: 'lost' })
  })

  it('a metered body can be stopped while it waits for a chunk', async () => {
    const body = meter(stalling('hello'), { limit: 10 })
    const text = drained(body)
    setTimeout(() => body.stop('enough'), 10)
    expect(await text).toBe('hello')
    expect(body).toMatchObject({ count: 5, end: 'stopped', reason: 'enough' })
  })

  it('a metered body keeps its first end', async () => {
    const body = meter(chunks('hello'), { limit: 10 })
    await drained(body)
    body.stop('too late')
    expect(body).toMatchObject({ end: 'complete', reason: undefined })
  })

  it('a metered body measures idle time only while it waits for the client', async () => {
    const body = meter(stalling('hello'), { limit: 10 })
    const iterator = body[Symbol.asyncIterator]()
    await iterator.next()
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(body.idleFor()).toBe(0)

    const pending = iterator.next()
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(body.idleFor()).toBeGreaterThan(20)
    body.stop('done')
    await pending
  })

  it('a metered body reads nothing from its source before it is read itself', () => {
    let begun = false
    const source = {
      [Symbol.asyncIterator]: () => {
        begun = true
        return chunks()
      },
    }
    meter(source, { limit: 1 })
    expect(begun).toBe(false)
  })
})

describe('onTime of a metered body', () => {
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

  async function reports(source: AsyncIterable<Uint8Array>): Promise<number> {
    let count = 0
    await drained(meter(source, { limit: 100, onTime: () => (count += 1) }))
    return count
  }

  it('onTime is not called for one chunk that has arrived already', async () => {
    expect(await reports(chunks('hello'))).toBe(0)
  })

  it('onTime is called once for a body that waits for its client', async () => {
    async function* slow(): AsyncGenerator<Uint8Array> {
      await pause()
      yield chunk('hello')
      await pause()
    }
    expect(await reports(slow())).toBe(1)
  })

  it('onTime is called once for several chunks that have arrived already', async () => {
    expect(await reports(chunks('a', 'b', 'c'))).toBe(1)
  })

  it('onTime is called while a body waits for a chunk that never arrives', async () => {
    let reported = false
    const body = meter(stalling('hello'), { limit: 100, onTime: () => (reported = true) })
    const text = drained(body)
    await expect.poll(() => reported).toBe(true)
    body.stop('enough')
    expect(await text).toBe('hello')
  })
})
