import { setTimeout as pause } from 'node:timers/promises'
import type { UploadStore } from '@tusker/core'
import { memoryLocker } from '@tusker/core'
import { memoryStore } from '@tusker/store-memory'
import type { DraftSession, HostOptions } from '@tusker/testing'
import { expectProblem, paused, startDraftSession, startSession, testHost } from '@tusker/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const SECRET = 'EIO: i/o error, read /var/secret'
/** Sweeps run only when the test calls them. */
const BY_HAND = { sweepEvery: 2 ** 31 - 1 }

let store: UploadStore
let open: DraftSession[]

beforeEach(() => {
  store = memoryStore()
  open = []
})
afterEach(() => Promise.all(open.map(({ server }) => server.close())))

/** Starts a server over the store of the test, with some operations of the store replaced. */
function serve(options: HostOptions = {}, changes: Partial<UploadStore> = {}): DraftSession {
  const changed = Object.assign(Object.create(store) as UploadStore, changes)
  const draft = startDraftSession(testHost({ store: changed, ...options }))
  open.push(draft)
  return draft
}

function broken(): Promise<never> {
  return Promise.reject(new Error(SECRET))
}

/** Stores two bytes and then fails. */
const failingAppend: UploadStore['append'] = async (id, offset, bytes, lease) => {
  async function* start(): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      yield chunk.subarray(0, 2)
      return
    }
  }
  await store.append(id, offset, start(), lease)
  return broken()
}

async function contentOf(path: string): Promise<string> {
  return startSession(serve()).contentOf(path)
}

describe('an upload of the IETF draft whose store fails', () => {
  it('keeps the bytes stored before an append failed, and the client resumes after them', async () => {
    const path = await serve().create({}, 'hel')
    const failing = serve({}, { append: failingAppend })
    const answer = await failing.complete(path, 3, 'loworld')
    expectProblem(answer, 500, 'internal')
    expect(answer.text).not.toMatch(/secret|EIO/)
    expect(failing.events).toMatchObject([{ type: 'failed', error: new Error(SECRET) }])

    const draft = serve()
    await draft.expectOffset(path, 5)
    expect((await draft.complete(path, 5, 'world')).headers['upload-complete']).toBe('?1')
    expect(await contentOf(path)).toBe('helloworld')
  })

  it('gets 503 for HEAD and a problem with 500 for other methods, without details', async () => {
    const path = await serve().create()
    const failing = serve({}, { find: broken })
    expect((await failing.head(path)).status).toBe(503)
    const answers = [
      await failing.append(path, 0, 'hello'),
      await failing.remove(path),
      await failing.send(`GET ${path}`),
    ]
    for (const answer of answers) {
      expectProblem(answer, 500, 'internal')
      expect(answer.text).not.toMatch(/secret|EIO/)
    }
    await serve().expectOffset(path, 0)
  })

  it('is completed by an empty append when its outcome could not be stored', async () => {
    const path = await serve().create({}, 'hello')
    const answer = await serve({}, { finish: broken }).complete(path, 5, 'world')
    expectProblem(answer, 500, 'internal')
    const draft = serve()
    await draft.expectOffset(path, 10)
    expect((await draft.complete(path, 10)).headers['upload-complete']).toBe('?1')
    expect(draft.events).toMatchObject([{ type: 'completed' }])
  })
})

describe('an upload of the IETF draft on a server that shuts down', () => {
  it('gets 503 during an append, keeps its bytes, and is resumed with the next server', async () => {
    const draft = serve()
    const path = await draft.create()
    const answer = draft.complete(path, 0, paused('hello'))
    await expect.poll(async () => (await draft.head(path)).headers['upload-offset']).toBe('5')
    await draft.server.close()
    expectProblem(await answer, 503, 'unavailable')
    expect((await answer).headers).toMatchObject({
      'retry-after': expect.stringMatching(/^\d+$/),
      'upload-complete': '?0',
    })

    const next = serve()
    await next.expectOffset(path, 5)
    expect((await next.complete(path, 5, 'world')).headers['upload-complete']).toBe('?1')
    expect(await contentOf(path)).toBe('helloworld')
  })

  it('is not created or appended to after that, and its offset is still reported', async () => {
    const draft = serve()
    const path = await draft.create()
    await draft.server.close()
    expectProblem(await draft.complete(path, 0, 'helloworld'), 503, 'unavailable')
    const creation = await draft.send('POST /files', { 'upload-complete': '?1' }, 'hello')
    expectProblem(creation, 503, 'unavailable')
    await draft.expectOffset(path, 0)
  })
})

describe('an upload of the IETF draft that expires', () => {
  it('is 410 until a sweep removes it, and 404 afterwards', async () => {
    const path = await serve().create({}, 'hello')
    const draft = serve({ ...BY_HAND, expireAfter: 1 })
    await expect.poll(async () => (await draft.head(path)).status).toBe(410)
    expectProblem(await draft.complete(path, 5, 'world'), 410, 'expired')
    expect(await draft.server.sweep()).toMatchObject({ expired: 1 })
    expect((await draft.head(path)).status).toBe(404)
    expectProblem(await draft.complete(path, 5, 'world'), 404, 'not_found')
  })

  it('is left alone by the sweep of another server while an append is running', async () => {
    const locker = memoryLocker()
    const draft = serve({ locker })
    const path = await draft.create()
    const body = paused('hello')
    const answer = draft.complete(path, 0, body)
    await expect.poll(async () => (await draft.head(path)).headers['upload-offset']).toBe('5')
    await pause(20)
    const sweeping = serve({ ...BY_HAND, expireAfter: 1, locker })
    expect(await sweeping.server.sweep()).toMatchObject({ expired: 0 })
    body.resume('world')
    expect((await answer).headers['upload-complete']).toBe('?1')
    expect(await contentOf(path)).toBe('helloworld')
  })
})
