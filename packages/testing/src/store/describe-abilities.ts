import type { OptionalOperation, StoreWith } from '@tusker/core'
import { storeCan } from '@tusker/core'
import { describe, expect, it } from 'vitest'
import { pieces, stored } from './bytes.ts'
import type { StoreUnderTest } from './store-under-test.ts'
import { ALONE, newUpload } from './store-under-test.ts'

/** A test of an optional operation, for a store that has it. */
type AbilityTest<Operation extends OptionalOperation> = (
  store: StoreWith<Operation>,
) => Promise<void>

/**
 * The tests of each optional operation that the store has.
 *
 * @param manyParts how many parts one upload is joined from
 */
export function describeAbilities(subject: StoreUnderTest, manyParts: number): void {
  function having<Operation extends OptionalOperation>(...operations: Operation[]) {
    return (title: string, test: AbilityTest<Operation>): void => {
      it(title, async ({ skip }) => {
        const store = subject()
        if (!storeCan(store, ...operations))
          return skip(`the store cannot ${operations.join(', ')}`)
        await test(store)
      })
    }
  }

  describe('revert', () => {
    it('revert takes back the bytes of an append, and the next append replaces them', async ({
      skip,
    }) => {
      const store = subject()
      if (store.revert === undefined) return skip('the store cannot revert')
      await store.create(newUpload('u1'))
      await store.append('u1', 0, pieces('he'), { token: 7 })
      await store.append('u1', 2, pieces('XX', 'X'), { token: 7 })
      await store.revert('u1', 2, 7)
      expect((await (await subject.reopened()).find('u1'))?.offset).toBe(2)
      await store.append('u1', 2, pieces('llo'), { token: 7 })
      if (storeCan(store, 'read')) expect(await stored(store, 'u1')).toBe('hello')
      await store.revert('u1', 0, 7)
      expect((await store.find('u1'))?.offset).toBe(0)
    })

    it('a stale holder cannot revert', async ({ skip }) => {
      const store = subject()
      if (store.revert === undefined) return skip('the store cannot revert')
      await store.create(newUpload('u1'))
      await store.append('u1', 0, pieces('hello'), { token: 8 })
      await expect(store.revert('u1', 0, 7)).rejects.toThrow()
      expect((await store.find('u1'))?.offset).toBe(5)
    })
  })

  describe('declareLength', () => {
    having('declareLength')('a length that was declared later is found again', async (store) => {
      await store.create(newUpload('u1', { length: null }))
      await store.declareLength('u1', 7, null)
      expect((await (await subject.reopened()).find('u1'))?.length).toBe(7)
    })
    having('declareLength')('a stale holder cannot declare a length', async (store) => {
      await store.create(newUpload('u1', { length: null }))
      await store.append('u1', 0, pieces('x'), { token: 8 })
      await expect(store.declareLength('u1', 7, 7)).rejects.toThrow()
    })
  })

  describe('appendVerified', () => {
    const verifying = having('appendVerified', 'read')

    verifying('appendVerified commits bytes that were verified', async (store) => {
      await store.create(newUpload('u1'))
      const right = (): Promise<boolean> => Promise.resolve(true)
      expect(
        await store.appendVerified('u1', 0, pieces('hel', 'lo'), { ...ALONE, verify: right }),
      ).toBe(5)
      expect(await stored(await subject.reopened(), 'u1')).toBe('hello')
    })

    verifying('appendVerified commits no byte before the verification', async (store) => {
      await store.create(newUpload('u1'))
      await store.append('u1', 0, pieces('he'), ALONE)
      let seen: number | undefined
      const verify = async (): Promise<boolean> => {
        seen = (await (await subject.reopened()).find('u1'))?.offset
        return true
      }
      await store.appendVerified('u1', 2, pieces('llo'), { ...ALONE, verify })
      expect(seen).toBe(2)
    })

    verifying(
      'appendVerified discards rejected bytes, and the next append replaces them',
      async (store) => {
        await store.create(newUpload('u1'))
        await store.append('u1', 0, pieces('he'), ALONE)
        const wrong = (): Promise<boolean> => Promise.resolve(false)
        expect(
          await store.appendVerified('u1', 2, pieces('XXXXX'), { ...ALONE, verify: wrong }),
        ).toBe(2)
        expect((await store.find('u1'))?.offset).toBe(2)
        await store.append('u1', 2, pieces('llo'), ALONE)
        expect(await stored(store, 'u1')).toBe('hello')
      },
    )

    verifying('a stale holder cannot append verified bytes', async (store) => {
      await store.create(newUpload('u1'))
      await store.append('u1', 0, pieces('x'), { token: 8 })
      const right = (): Promise<boolean> => Promise.resolve(true)
      const late = store.appendVerified('u1', 1, pieces('y'), { token: 7, verify: right })
      await expect(late).rejects.toThrow()
      expect(await stored(store, 'u1')).toBe('x')
    })

    verifying('appendVerified discards the bytes when the verification throws', async (store) => {
      await store.create(newUpload('u1'))
      const failing = (): Promise<boolean> => Promise.reject(new Error('no verdict'))
      await expect(
        store.appendVerified('u1', 0, pieces('XX'), { ...ALONE, verify: failing }),
      ).rejects.toThrow('no verdict')
      expect((await (await subject.reopened()).find('u1'))?.offset).toBe(0)
    })
  })

  describe('remove', () => {
    having('remove')('remove deletes the upload and frees its id', async (store) => {
      await store.create(newUpload('u1'))
      await store.append('u1', 0, pieces('hello'), ALONE)
      await store.remove('u1', null)
      expect(await store.find('u1')).toBeNull()
      expect(await store.create(newUpload('u1', { length: 3 }))).toBe(true)
      expect(await store.find('u1')).toMatchObject({ offset: 0, length: 3 })
    })
    having('remove')('remove of an upload that does not exist does nothing', async (store) => {
      await store.remove('u1', null)
      await store.remove('u1', null)
      expect(await store.find('u1')).toBeNull()
    })
    having('remove')('remove does not touch uploads with similar ids', async (store) => {
      for (const id of ['u1', 'u1.json', 'u10']) await store.create(newUpload(id))
      await store.remove('u1', null)
      expect(await store.find('u1.json')).not.toBeNull()
      expect(await store.find('u10')).not.toBeNull()
    })
    having('remove')('a stale holder cannot remove an upload', async (store) => {
      await store.create(newUpload('u1'))
      await store.append('u1', 0, pieces('x'), { token: 8 })
      await expect(store.remove('u1', 7)).rejects.toThrow()
      expect(await store.find('u1')).not.toBeNull()
    })
  })

  describe('list', () => {
    having('list', 'remove')(
      'list returns the id of every upload once, and no other names',
      async (store) => {
        const idsOf = async (): Promise<string[]> => {
          const ids: string[] = []
          for await (const id of store.list()) ids.push(id)
          return ids.sort()
        }
        expect(await idsOf()).toEqual([])
        for (const id of ['a', 'a.json', 'b', 'c']) await store.create(newUpload(id))
        await store.append('a', 0, pieces('x'), ALONE)
        await store.remove('b', null)
        expect(await idsOf()).toEqual(['a', 'a.json', 'c'])
      },
    )
  })

  describe('read', () => {
    having('read')('read returns exactly the requested range', async (store) => {
      await store.create(newUpload('u1'))
      await store.append('u1', 0, pieces('hel', 'lo', 'world'), ALONE)
      expect(await stored(store, 'u1')).toBe('helloworld')
      expect(await stored(store, 'u1', 2, 7)).toBe('llowo')
      expect(await stored(store, 'u1', 9, 10)).toBe('d')
      expect(await stored(store, 'u1', 4, 4)).toBe('')
    })
    having('read')('a reader can stop in the middle of read', async (store) => {
      await store.create(newUpload('u1', { length: 300_000 }))
      await store.append('u1', 0, pieces(...Array<string>(30).fill('x'.repeat(10_000))), ALONE)
      let count = 0
      for await (const chunk of store.read('u1', 0, 300_000)) {
        count = chunk.byteLength
        break
      }
      expect(count).toBeGreaterThan(0)
      expect(await store.find('u1')).not.toBeNull()
    })
  })

  describe('concatenate', () => {
    const joining = having('concatenate', 'read')

    joining('concatenate joins the parts in the given order', async (store) => {
      for (const part of ['one', 'two', '']) {
        await store.create(newUpload(`p${part}`, { length: part.length }))
        await store.append(`p${part}`, 0, pieces(...(part === '' ? [] : [part])), ALONE)
      }
      await store.create(newUpload('whole', { length: 6 }))
      expect(await store.concatenate('whole', ['ptwo', 'p', 'pone'], null)).toBe(6)
      expect(await stored(await subject.reopened(), 'whole')).toBe('twoone')
      expect(await stored(store, 'pone')).toBe('one')
    })

    joining('concatenate changes nothing when a part does not exist', async (store) => {
      await store.create(newUpload('p1', { length: 3 }))
      await store.append('p1', 0, pieces('abc'), ALONE)
      await store.create(newUpload('whole', { length: 6 }))
      await expect(store.concatenate('whole', ['p1', 'p2'], null)).rejects.toThrow()
      expect((await store.find('whole'))?.offset).toBe(0)
    })

    joining('a stale holder cannot concatenate', async (store) => {
      await store.create(newUpload('whole', { length: 0 }))
      await store.finish('whole', { kind: 'rejected', message: 'no' }, 8)
      await expect(store.concatenate('whole', [], 7)).rejects.toThrow()
    })

    joining('concatenate can be repeated', async (store) => {
      await store.create(newUpload('p1', { length: 3 }))
      await store.append('p1', 0, pieces('abc'), ALONE)
      await store.create(newUpload('whole', { length: 3 }))
      await store.concatenate('whole', ['p1'], null)
      expect(await store.concatenate('whole', ['p1'], null)).toBe(3)
      expect(await stored(store, 'whole')).toBe('abc')
    })

    joining('concatenate joins very many parts', async (store) => {
      const ids = Array.from({ length: manyParts }, (_, index) => `p${index}`)
      const fill = async (id: string): Promise<void> => {
        await store.create(newUpload(id, { length: 5 }))
        await store.append(id, 0, pieces(id.padEnd(5)), ALONE)
      }
      for (let at = 0; at < ids.length; at += 50) {
        await Promise.all(ids.slice(at, at + 50).map(fill))
      }
      const length = 5 * manyParts
      await store.create(newUpload('whole', { length }))
      expect(await store.concatenate('whole', ids, null)).toBe(length)
      expect(await stored(store, 'whole')).toBe(ids.map((id) => id.padEnd(5)).join(''))
    })
  })
}
