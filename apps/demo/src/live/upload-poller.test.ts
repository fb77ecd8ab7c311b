import type { ContentUpload } from '@tusker/content'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { uploadWatch } from './upload-poller.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const DATE = new Date(0)

function upload(id: string, changes: Partial<ContentUpload> = {}): ContentUpload {
  return {
    id,
    location: `/content/@tus-upload/${id}`,
    mode: 'create',
    context: '/',
    owner: 'ada',
    fileName: null,
    mediaType: 'text/plain',
    offset: 0,
    length: 10,
    state: 'unfinished',
    createdAt: DATE,
    updatedAt: DATE,
    expiresAt: null,
    content: null,
    ...changes,
  }
}

/** A store of uploads that tells how often it was looked at, and which uploads were read. */
function looked(all: Map<string, ContentUpload>) {
  const reads: string[][] = []
  return {
    reads,
    async *uploads(skip: (id: string) => boolean = () => false): AsyncGenerator<ContentUpload> {
      const read: string[] = []
      reads.push(read)
      for (const [id, each] of all) {
        if (skip(id)) continue
        read.push(id)
        yield each
      }
    },
  }
}

it('the poller polls once a second while it has listeners, and not otherwise', async () => {
  const store = looked(new Map([['a', upload('a')]]))
  const watch = uploadWatch(store, () => undefined)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(store.reads).toHaveLength(0)

  let heard = 0
  const stop = watch.listen({ changed: () => (heard += 1), ended: () => undefined })
  await vi.advanceTimersByTimeAsync(3_500)
  expect(store.reads).toHaveLength(4)
  expect(heard).toBe(1)
  stop()
  await vi.advanceTimersByTimeAsync(5_000)
  expect(store.reads).toHaveLength(4)
})

it('the poller gives a new listener the result of a recent poll, and polls again within a second', async () => {
  const all = new Map([['a', upload('a')]])
  const watch = uploadWatch(looked(all), () => undefined)
  const listener = { changed: () => undefined, ended: () => undefined }
  watch.listen(listener)
  await vi.advanceTimersByTimeAsync(100)
  all.set('b', upload('b'))
  watch.listen({ ...listener })
  expect([...(watch.unfinished()?.keys() ?? [])]).toEqual(['a'])
  await vi.advanceTimersByTimeAsync(1_001)
  expect([...(watch.unfinished()?.keys() ?? [])]).toEqual(['a', 'b'])
})

it('a late listener shares the last poll while a slow store rests', async () => {
  const store = looked(new Map([['a', upload('a')]]))
  const slow = {
    reads: store.reads,
    async *uploads(skip: (id: string) => boolean) {
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      yield* store.uploads(skip)
    },
  }
  const watch = uploadWatch(slow, () => undefined)
  watch.listen({ changed: () => undefined, ended: () => undefined })
  await vi.advanceTimersByTimeAsync(3_500)
  expect(store.reads).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(5_000)
  let heard = 0
  watch.listen({ changed: () => (heard += 1), ended: () => undefined })
  expect([heard, [...(watch.unfinished()?.keys() ?? [])]]).toEqual([1, ['a']])
  await vi.advanceTimersByTimeAsync(3_000)
  expect(store.reads).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(3_000)
  expect(store.reads).toHaveLength(3)
})

it('the poller reads an ended upload once, and reports how it ended', async () => {
  const all = new Map([
    ['done', upload('done')],
    ['lost', upload('lost')],
  ])
  const store = looked(all)
  const watch = uploadWatch(store, () => undefined)
  watch.listen({ changed: () => undefined, ended: () => undefined })
  await vi.advanceTimersByTimeAsync(100)
  expect([...(watch.unfinished()?.keys() ?? [])]).toEqual(['done', 'lost'])

  all.set('done', upload('done', { state: 'completed', content: '/content/x' }))
  all.delete('lost')
  await vi.advanceTimersByTimeAsync(3_000)
  expect(watch.unfinished()?.size).toBe(0)
  expect(watch.departureOf('done')).toEqual({ how: 'completed', content: '/content/x' })
  expect(watch.departureOf('lost')).toEqual({ how: 'removed', content: null })
  expect(store.reads).toEqual([['done', 'lost'], ['done'], [], []])
})

it('the poller polls sooner after a hint, and once for many hints', async () => {
  const store = looked(new Map())
  const watch = uploadWatch(store, () => undefined)
  watch.listen({ changed: () => undefined, ended: () => undefined })
  await vi.advanceTimersByTimeAsync(10)
  expect(store.reads).toHaveLength(1)
  for (let time = 0; time < 200; time += 20) {
    watch.hint()
    await vi.advanceTimersByTimeAsync(20)
  }
  expect(store.reads).toHaveLength(2)
})

/** A store whose looks take so many milliseconds, one after the other, and then none. */
function slow(...times: readonly number[]) {
  const store = {
    looks: 0,
    async *uploads(): AsyncGenerator<ContentUpload> {
      const time = times[store.looks] ?? 0
      store.looks += 1
      await new Promise((resolve) => setTimeout(resolve, time))
    },
  }
  return store
}

it('the poller polls less often when polls take long', async () => {
  const store = slow(500, 500, 500)
  const watch = uploadWatch(store, () => undefined)
  watch.listen({ changed: () => undefined, ended: () => undefined })
  await vi.advanceTimersByTimeAsync(2_100)
  expect(store.looks).toBe(2)
  watch.hint()
  await vi.advanceTimersByTimeAsync(4_800)
  expect(store.looks).toBe(2)
  await vi.advanceTimersByTimeAsync(200)
  expect(store.looks).toBe(3)
})

it('the poller polls as often as before after one slow poll, as on a busy machine', async () => {
  const store = slow(0, 3_000)
  const watch = uploadWatch(store, () => undefined)
  watch.listen({ changed: () => undefined, ended: () => undefined })
  await vi.advanceTimersByTimeAsync(4_100)
  expect(store.looks).toBe(2)
  watch.hint()
  await vi.advanceTimersByTimeAsync(200)
  expect(store.looks).toBe(3)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(store.looks).toBe(4)
})

it('the poller reports a failed poll, and polls again', async () => {
  const reported: unknown[] = []
  let fails = true
  const store = {
    async *uploads(): AsyncGenerator<ContentUpload> {
      if (fails) throw new Error('no disk')
      yield upload('a')
    },
  }
  const watch = uploadWatch(store, (error) => reported.push(error))
  watch.listen({ changed: () => undefined, ended: () => undefined })
  await vi.advanceTimersByTimeAsync(100)
  expect([reported.length, watch.unfinished()]).toEqual([1, null])
  fails = false
  await vi.advanceTimersByTimeAsync(1_000)
  expect(watch.unfinished()?.size).toBe(1)
})

it('the poller ends all its listeners when it is closed', async () => {
  const store = looked(new Map())
  const watch = uploadWatch(store, () => undefined)
  let ended = 0
  const listener = { changed: () => undefined, ended: () => (ended += 1) }
  watch.listen(listener)
  watch.close()
  expect(ended).toBe(1)
  watch.listen({ ...listener })
  expect(ended).toBe(2)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(store.reads).toHaveLength(0)
})
