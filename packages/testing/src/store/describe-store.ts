import type { Outcome, UploadInfo } from '@tusker/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ReopenableStore } from '../model/system.ts'
import { pieces, stored } from './bytes.ts'
import { describeAbilities } from './describe-abilities.ts'
import { describeAppending } from './describe-appending.ts'
import { describeWholeCreation } from './describe-whole-creation.ts'
import type { StoreUnderTest } from './store-under-test.ts'
import { ACCEPTED, ALONE, newUpload } from './store-under-test.ts'

/** The options of `describeStore`. */
export interface StoreContractOptions {
  /** The titles of tests that this store cannot pass, each with the reason. The reason is printed. */
  readonly skip?: readonly { readonly test: string; readonly reason: string }[]
  /** From how many parts `concatenate` makes one upload, 2000 by default. Set fewer for a storage over a network. */
  readonly manyParts?: number
}

/**
 * The contract of stores: what every store must do, and what each optional operation must do. A store may
 * lack an optional operation; then the tests of that operation are skipped.
 */
export function describeStore(
  name: string,
  openStore: () => ReopenableStore | Promise<ReopenableStore>,
  options: StoreContractOptions = {},
): void {
  describe(`store: ${name}`, () => {
    let opened: ReopenableStore
    beforeEach(async ({ task, skip }) => {
      const skipped = options.skip?.find(({ test }) => test === task.name)
      if (skipped !== undefined) skip(skipped.reason)
      opened = await openStore()
    })
    afterEach(() => opened.dispose?.())

    const subject: StoreUnderTest = Object.assign(() => opened.store, {
      reopened: async () => (await opened.reopen?.()) ?? opened.store,
    })
    describeCreation(subject)
    describeWholeCreation(subject)
    describeAppending(subject)
    describeEnding(subject)
    describeAbilities(subject, options.manyParts ?? 2_000)
  })
}

function describeCreation(store: StoreUnderTest): void {
  it('find returns null for an upload that was never created', async () => {
    expect(await store().find('u1')).toBeNull()
  })

  it('find returns every attribute of a new upload, also after the store is reopened', async () => {
    const attributes = JSON.parse(
      '{"__proto__": "a", "folder": "/x", "constructor": "b"}',
    ) as Record<string, string>
    const upload = newUpload('u1', {
      metadata: 'name d29ybGQ=,\u00e9 YQ==,empty',
      owner: 'ada',
      attributes,
      concatenation: { kind: 'final', parts: ['p1', 'p2'] },
      concatenationField: 'final;/files/p1 /files/p2',
      completion: 'explicit',
      maxLength: 4_096,
    })
    await store().create(upload)

    const expected: UploadInfo = {
      ...upload,
      offset: 0,
      updatedAt: upload.createdAt,
      outcome: null,
    }
    expect(await store().find('u1')).toEqual(expected)
    const found = await (await store.reopened()).find('u1')
    expect(found).toEqual(expected)
    expect(Object.entries(found?.attributes ?? {})).toEqual(Object.entries(attributes))
  })

  it('create returns false for an id that exists, and does not change that upload', async () => {
    expect(await store().create(newUpload('u1', { owner: 'ada' }))).toBe(true)
    await store().append('u1', 0, pieces('hello'), ALONE)
    expect(await store().create(newUpload('u1', { owner: 'bob' }))).toBe(false)
    expect(await store().find('u1')).toMatchObject({ owner: 'ada', offset: 5 })
  })

  it('only one of several concurrent creations of the same upload succeeds', async () => {
    const all = Array.from({ length: 10 }, () => store().create(newUpload('u1')))
    expect((await Promise.all(all)).filter(Boolean)).toHaveLength(1)
  })

  it.each([null, 0, Number.MAX_SAFE_INTEGER])('the store keeps a length of %s', async (length) => {
    await store().create(newUpload('u1', { length }))
    expect((await (await store.reopened()).find('u1'))?.length).toBe(length)
  })

  it.each(['x.json', 'x', 'a'.repeat(128), '_', '-x', '0..a'])(
    'the store accepts the id %s',
    async (id) => {
      await store().create(newUpload('x'))
      await store().create(newUpload(id))
      await store().append(id, 0, pieces('hello'), ALONE)
      expect((await store().find(id))?.offset).toBe(5)
    },
  )
}

function describeEnding(store: StoreUnderTest): void {
  it.each<Outcome>([
    ACCEPTED,
    {
      kind: 'accepted',
      location: '/content/a.txt',
      response: { status: 200, headers: { 'x-made': 'yes' }, body: 'made' },
      digest: { algorithm: 'sha256', value: 'AAAA' },
    },
    { kind: 'rejected', message: 'the file carries a virus \u{1f9a0}, says Zo\u00eb' },
  ])('the store keeps an outcome: $kind', async (outcome) => {
    await store().create(newUpload('u1', { length: 5 }))
    await store().append('u1', 0, pieces('hello'), ALONE)
    await store().finish('u1', outcome, null)
    const found = await (await store.reopened()).find('u1')
    expect(found).toMatchObject({ outcome, offset: 5, length: 5 })
  })

  it.each<Outcome>([
    { kind: 'accepted', location: null, response: null, keepBytes: false },
    { kind: 'rejected', message: 'the file carries a virus' },
  ])('finish removes bytes that are not kept, and the record stays: $kind', async (outcome) => {
    await store().create(newUpload('u1', { length: 5 }))
    await store().append('u1', 0, pieces('hel', 'lo'), { token: 7 })
    await store().finish('u1', outcome, 7)
    const reopened = await store.reopened()
    for (const each of [store(), reopened]) {
      expect(await each.find('u1')).toMatchObject({ outcome, offset: 5, length: 5 })
      if (each.read === undefined) continue
      await expect(stored(each, 'u1')).rejects.toMatchObject({ code: 'bytes_removed' })
    }
    // A finish whose answer was lost is repeated.
    await store().finish('u1', outcome, 7)
    expect(await store().find('u1')).toMatchObject({ outcome, offset: 5 })
    await store().remove?.('u1', 7)
    if (store().remove !== undefined) expect(await store().find('u1')).toBeNull()
  })

  it('finish updates updatedAt', async () => {
    const createdAt = new Date(Date.now() - 60_000)
    await store().create(newUpload('u1', { length: 0, createdAt }))
    await store().finish('u1', ACCEPTED, null)
    expect((await store().find('u1'))?.updatedAt.getTime()).toBeGreaterThan(Date.now() - 5_000)
  })

  it('a stale holder cannot finish an upload', async () => {
    await store().create(newUpload('u1', { length: 5 }))
    await store().append('u1', 0, pieces('hello'), { token: 8 })
    await expect(store().finish('u1', ACCEPTED, 7)).rejects.toThrow()
    expect((await store().find('u1'))?.outcome).toBeNull()
  })

  it('finish rejects an upload that does not exist', async () => {
    await expect(store().finish('u1', ACCEPTED, null)).rejects.toThrow()
    expect(await store().find('u1')).toBeNull()
  })

  it('finish completes an upload without bytes', async () => {
    await store().create(newUpload('u1', { length: 0 }))
    await store().finish('u1', ACCEPTED, null)
    expect((await store().find('u1'))?.outcome).not.toBeNull()
    if (store().read !== undefined) expect(await stored(store(), 'u1')).toBe('')
  })
}
