import type { Locker, UploadStore } from '@tusker/core'
import { memoryLocker, UploadError } from '@tusker/core'
import { expect, it } from 'vitest'
import { expectAnswer, expectRefusal } from '../runner/expect-answer.ts'
import type { Staged } from './guarantee-host.ts'
import { storeBut } from './guarantee-host.ts'

const SECRET = 'EIO: i/o error, read /var/secret'

function broken(): Promise<never> {
  return Promise.reject(new Error(SECRET))
}

/** A store that cannot record an outcome, neither with the last byte of an append nor afterwards. */
function withoutOutcomes(store: UploadStore): UploadStore {
  return storeBut(store, {
    append: (id, offset, bytes, options) =>
      store.append(id, offset, bytes, { ...options, outcome: null }),
    finish: broken,
  })
}

/** Failures of the store are answered so that clients retry, and without details. */
export function trouble(staged: Staged): void {
  it(
    'every id is checked before a store or a locker sees it',
    staged(async ({ serve, store }) => {
      const seen: string[] = []
      const local = memoryLocker()
      const locker: Locker = {
        withLease(id, request, task) {
          seen.push(id)
          return local.withLease(id, request, task)
        },
      }
      const find: UploadStore['find'] = (id) => {
        seen.push(id)
        return store.find(id)
      }
      const talk = serve({ store: storeBut(store, { find }), locker })
      for (const id of ['..', '../x', 'a/b', '~', '.x', '%2e%2e', 'x'.repeat(4_000), 'a\\b']) {
        const path = `/files/${id}`
        expectAnswer(await talk.head(path), 404)
        expectRefusal(await talk.patch(path, 0, 'hello'), 404, 'not_found')
        expectRefusal(await talk.remove(path), 404, 'not_found')
        expectRefusal(await talk.send(`GET ${path}`), 404, 'not_found')
      }
      expect(seen).toEqual([])
    }),
  )

  it(
    'while the store cannot find uploads, HEAD gets 423 and other methods 500, without details',
    staged(async ({ serve, store }) => {
      const path = await serve().create()
      const talk = serve({ store: storeBut(store, { find: broken }) })
      const refused = await talk.patch(path, 0, 'hello')
      expectRefusal(refused, 500, 'internal')
      const answers = [
        await talk.head(path),
        refused,
        await talk.remove(path),
        await talk.send(`GET ${path}`),
      ]
      expect(answers.map(({ status }) => status)).toEqual([423, 500, 500, 500])
      expect(JSON.stringify(answers.map(({ text, headers }) => [text, headers]))).not.toMatch(
        /secret|EIO/,
      )
      expect(talk.events).toHaveLength(4)
      for (const event of talk.events) {
        expect(event).toMatchObject({ type: 'failed', error: new Error(SECRET) })
      }
      await serve().expectOffset(path, 0)
    }),
  )

  it(
    'the response carries the unexpected error for the host to report',
    staged(async ({ serve, store }) => {
      const { server } = serve({ store: storeBut(store, { create: broken }) })
      const headers = new Headers({ 'tus-resumable': '1.0.0', 'upload-length': '5' })
      async function* body(): AsyncGenerator<Uint8Array> {}
      const response = await server.handle({
        method: 'POST',
        path: '/files',
        prefix: '',
        headers,
        body: body(),
        context: {},
        remoteAddress: null,
        signal: new AbortController().signal,
      })
      expect(response).toMatchObject({ status: 500, cause: new Error(SECRET) })
    }),
  )

  it(
    'a store that fails in the middle of an append loses no acknowledged byte',
    staged(async ({ serve, store }) => {
      const talk = serve()
      const path = await talk.create()
      expectAnswer(await talk.patch(path, 0, 'he'), 204, { 'upload-offset': '2' })
      const append: UploadStore['append'] = async (id, offset, bytes, lease) => {
        await store.append(id, offset, firstByteOf(bytes), lease)
        return broken()
      }
      const failing = serve({ store: storeBut(store, { append }) })
      expectRefusal(await failing.patch(path, 2, 'llo'), 500, 'internal')
      expect(failing.events).toMatchObject([{ type: 'failed', error: new Error(SECRET) }])
      await failing.expectOffset(path, 3)
      expectAnswer(await talk.patch(path, 3, 'lo'), 204)
      expect(await talk.contentOf(path)).toBe('hello')
    }),
  )

  it(
    'an outcome that cannot be stored is decided again by an empty append at the end',
    staged(async ({ serve, store }) => {
      const path = await serve().create()
      const failing = serve({ store: withoutOutcomes(store) })
      expectRefusal(await failing.patch(path, 0, 'hello'), 500, 'internal')
      const talk = serve()
      expectAnswer(await talk.patch(path, 5), 204)
      expect(talk.events).toMatchObject([{ type: 'completed' }])
    }),
  )

  it(
    'an outcome that cannot be stored is decided again by a HEAD',
    staged(async ({ serve, store }) => {
      const path = await serve().create()
      const failing = serve({ store: withoutOutcomes(store) })
      expectRefusal(await failing.patch(path, 0, 'hello'), 500, 'internal')
      expectAnswer(await failing.head(path), 423)
      const talk = serve()
      await talk.expectOffset(path, 5)
      expect(talk.events).toMatchObject([{ type: 'completed' }])
    }, 'a look by the draft completes no upload'),
  )

  it(
    'an upload that the store reports as damaged gets 410',
    staged(async ({ serve, store }) => {
      const path = await serve().create()
      const find = () => Promise.reject(new UploadError('damaged', 'its record cannot be read'))
      const talk = serve({ store: storeBut(store, { find }) })
      expectAnswer(await talk.head(path), 410)
      expectRefusal(await talk.patch(path, 0, 'hello'), 410, 'damaged')
    }),
  )

  it(
    'a sweep continues after an upload that fails',
    staged(async ({ serve, store }) => {
      const options = { expireAfter: 1, sweepEvery: 2 ** 31 - 1 }
      const first = serve()
      const bad = (await first.create()).slice('/files/'.length)
      await first.create()
      await first.create()
      const find = (id: string) => (id === bad ? broken() : store.find(id))
      const talk = serve({ ...options, store: storeBut(store, { find }) })
      await new Promise((resolve) => setTimeout(resolve, 20))
      expect(await talk.server.sweep()).toMatchObject({ expired: 2 })
      expect(talk.events.filter(({ type }) => type === 'failed')).toMatchObject([{ id: bad }])
    }),
  )
}

async function* firstByteOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    yield chunk.subarray(0, 1)
    return
  }
}
