import type { UploadStore, WholeContent } from '@tusker/core'
import { describe, expect, it } from 'vitest'
import { pieces, stored } from './bytes.ts'
import type { StoreUnderTest } from './store-under-test.ts'
import { ACCEPTED, ALONE, newUpload } from './store-under-test.ts'

type WholeStore = UploadStore & Required<Pick<UploadStore, 'createWhole'>>

/** The tests of `createWhole`, for a store that has it. */
export function describeWholeCreation(subject: StoreUnderTest): void {
  function whole(title: string, test: (store: WholeStore) => Promise<void>): void {
    it(title, async ({ skip }) => {
      const store = subject()
      if (!isWholeStore(store)) return skip('the store creates uploads in several steps')
      await test(store)
    })
  }

  describe('createWhole', () => {
    for (const outcome of [null, ACCEPTED]) {
      const what = outcome === null ? 'no outcome' : 'an outcome'
      whole(`createWhole creates an upload with its bytes and ${what}`, async (store) => {
        const upload = newUpload('u1', { length: 11, owner: 'ada', metadata: 'name d29ybGQ=' })
        expect(await store.createWhole(upload, contentOf(outcome, 'hello', ' world'))).toBe(true)

        const reopened = await subject.reopened()
        const found = await reopened.find('u1')
        expect(found).toEqual({ ...upload, offset: 11, outcome, updatedAt: found?.updatedAt })
        expect(found?.updatedAt.getTime()).toBeGreaterThan(Date.now() - 60_000)
        if (reopened.read !== undefined) expect(await stored(reopened, 'u1')).toBe('hello world')
      })
    }

    whole('finish records the outcome of an upload that was created whole', async (store) => {
      await store.createWhole(newUpload('u1', { length: 5 }), contentOf(null, 'hello'))
      await store.finish('u1', ACCEPTED, 1)
      expect(await store.find('u1')).toMatchObject({ offset: 5, outcome: ACCEPTED })
      if (store.read !== undefined) expect(await stored(store, 'u1')).toBe('hello')
    })

    whole('createWhole creates an upload without bytes', async (store) => {
      await store.createWhole(newUpload('u1', { length: 0 }), contentOf(ACCEPTED))
      expect(await store.find('u1')).toMatchObject({ offset: 0, outcome: ACCEPTED })
      if (store.read !== undefined) expect(await stored(store, 'u1')).toBe('')
    })

    whole('createWhole returns false for an id that exists, and keeps its bytes', async (store) => {
      await store.create(newUpload('u1', { owner: 'ada' }))
      const later = newUpload('u1', { length: 5, owner: 'bob' })
      expect(await store.createWhole(later, contentOf(ACCEPTED, 'later'))).toBe(false)
      expect(await store.append('u1', 0, pieces('hello'), ALONE)).toBe(5)
      expect(await store.createWhole(later, contentOf(ACCEPTED, 'later'))).toBe(false)
      expect(await store.find('u1')).toMatchObject({ owner: 'ada', offset: 5, outcome: null })
      if (store.read !== undefined) expect(await stored(store, 'u1')).toBe('hello')
    })

    whole('only one of several concurrent whole creations of an upload succeeds', async (store) => {
      const contents = Array.from({ length: 10 }, (_, index) => `hello${index}`)
      const all = await Promise.all(
        contents.map((text) =>
          store.createWhole(newUpload('u1', { length: 6 }), contentOf(ACCEPTED, text)),
        ),
      )
      expect(all.filter(Boolean)).toHaveLength(1)
      if (store.read === undefined) return
      expect(await stored(store, 'u1')).toBe(contents[all.indexOf(true)])
    })
  })
}

function isWholeStore(store: UploadStore): store is WholeStore {
  return store.createWhole !== undefined
}

function contentOf(outcome: WholeContent['outcome'], ...texts: string[]): WholeContent {
  return { outcome, chunks: texts.map((text) => new TextEncoder().encode(text)) }
}
