import type { NewUpload, Outcome, UploadInfo, UploadStore } from '@tusker/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ReopenableStore } from '../model/real.ts'
import { fed, pieces, stored } from './bytes.ts'
import { describeAbilities } from './describe-abilities.ts'

/** A store under test, of the current test. */
export interface StoreUnderTest {
  (): UploadStore
  /** The same store, as another process would open it; the store itself if it has only one. */
  reopened(): Promise<UploadStore>
}

/** How the contract of stores is run. */
export interface StoreContractOptions {
  /** Tests that a store cannot pass, by their titles, and why. The reason is printed. */
  readonly skip?: readonly { readonly test: string; readonly reason: string }[]
}

/**
 * What every store must do, and for each ability a store has, what that ability must do. An ability it
 * lacks is no failure: it is then not announced.
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
    describeAppending(subject)
    describeEnding(subject)
    describeAbilities(subject)
  })
}

/** Facts of an upload, as the engine would give them. */
export function newUpload(id: string, changes: Partial<NewUpload> = {}): NewUpload {
  return {
    ...{ id, length: 10, metadata: '', owner: null, facts: {} },
    ...{ concatenation: null, concatenationField: null, createdAt: new Date() },
    ...changes,
  }
}

/** An append's options, for a caller whom nobody can overtake. */
export const ALONE = { token: null }

const ACCEPTED: Outcome = { kind: 'accepted', location: null, answer: null }

function describeCreation(store: StoreUnderTest): void {
  it('does not know an upload that was never created', async () => {
    expect(await store().find('u1')).toBeNull()
  })

  it('finds what was created, fact for fact, also when it is opened anew', async () => {
    const facts = JSON.parse('{"__proto__": "a", "folder": "/x", "constructor": "b"}') as Record<
      string,
      string
    >
    const upload = newUpload('u1', {
      ...{ metadata: 'name d29ybGQ=,\u00e9 YQ==,empty', owner: 'ada', facts },
      concatenation: { kind: 'final', parts: ['p1', 'p2'] },
      concatenationField: 'final;/files/p1 /files/p2',
    })
    await store().create(upload)

    const expected: UploadInfo = {
      ...upload,
      ...{ offset: 0, touchedAt: upload.createdAt, outcome: null },
    }
    expect(await store().find('u1')).toEqual(expected)
    const found = await (await store.reopened()).find('u1')
    expect(found).toEqual(expected)
    expect(Object.entries(found?.facts ?? {})).toEqual(Object.entries(facts))
  })

  it('creates no upload twice, and leaves the first as it is', async () => {
    expect(await store().create(newUpload('u1', { owner: 'ada' }))).toBe(true)
    await store().append('u1', 0, pieces('hello'), ALONE)
    expect(await store().create(newUpload('u1', { owner: 'bob' }))).toBe(false)
    expect(await store().find('u1')).toMatchObject({ owner: 'ada', offset: 5 })
  })

  it('lets one of several win that create the same upload at once', async () => {
    const all = Array.from({ length: 10 }, () => store().create(newUpload('u1')))
    expect((await Promise.all(all)).filter(Boolean)).toHaveLength(1)
  })

  it.each([null, 0, Number.MAX_SAFE_INTEGER])('keeps a length of %s', async (length) => {
    await store().create(newUpload('u1', { length }))
    expect((await (await store.reopened()).find('u1'))?.length).toBe(length)
  })

  it.each(['x.json', 'x', 'a'.repeat(128), '_', '-x', '0..a'])('takes the id %s', async (id) => {
    await store().create(newUpload('x'))
    await store().create(newUpload(id))
    await store().append(id, 0, pieces('hello'), ALONE)
    expect((await store().find(id))?.offset).toBe(5)
  })
}

function describeAppending(store: StoreUnderTest): void {
  it('reports the offset that append returned, also when it is opened anew', async () => {
    await store().create(newUpload('u1'))
    expect(await store().append('u1', 0, pieces('hel', 'lo'), ALONE)).toBe(5)
    expect(await store().append('u1', 5, pieces('world'), ALONE)).toBe(10)
    expect((await store().find('u1'))?.offset).toBe(10)
    expect((await (await store.reopened()).find('u1'))?.offset).toBe(10)
  })

  it('keeps what came before a body that ended early', async () => {
    await store().create(newUpload('u1'))
    expect(await store().append('u1', 0, pieces('hel'), ALONE)).toBe(3)
    expect(await store().append('u1', 3, pieces(), ALONE)).toBe(3)
    expect((await store().find('u1'))?.offset).toBe(3)
  })

  it('counts within about a second what came while more is waited for', async () => {
    await store().create(newUpload('u1'))
    const { body, feed, end } = fed()
    const told: number[] = []
    const appending = store().append('u1', 0, body, {
      token: null,
      onProgress: (at) => told.push(at),
    })
    feed('hello')
    await expect.poll(() => told.at(-1), { timeout: 3_000 }).toBe(5)
    expect((await (await store.reopened()).find('u1'))?.offset).toBe(5)
    feed('world')
    end()
    expect(await appending).toBe(10)
  })

  it('tells each time that more counts, and the last time all of it', async () => {
    await store().create(newUpload('u1', { length: 5_000_000 }))
    const told: number[] = []
    const texts = Array<string>(50).fill('x'.repeat(100_000))
    const onProgress = (offset: number): void => void told.push(offset)
    await store().append('u1', 0, pieces(...texts), { token: null, onProgress })
    expect(told.at(-1)).toBe(5_000_000)
    expect([...new Set(told)].sort((a, b) => a - b)).toEqual(told)
  })

  it('never tells an offset that it does not keep', async () => {
    await store().create(newUpload('u1'))
    const { body, feed, end } = fed()
    const appending = store().append('u1', 0, body, ALONE)
    feed('hello')
    await new Promise((resolve) => setTimeout(resolve, 20))
    const told = (await store().find('u1'))?.offset ?? 0
    expect((await (await store.reopened()).find('u1'))?.offset).toBeGreaterThanOrEqual(told)
    end()
    await appending
  })

  it('keeps uploads apart that grow at the same time', async () => {
    const ids = Array.from({ length: 8 }, (_, index) => `u${index}`)
    await Promise.all(ids.map((id) => store().create(newUpload(id, { length: 3_000 }))))
    const offsets = await Promise.all(
      ids.map((id) => store().append(id, 0, pieces(id.repeat(500), id.repeat(1_000)), ALONE)),
    )
    expect(offsets).toEqual(ids.map(() => 3_000))
    for (const id of ids) {
      if (store().read !== undefined) expect(await stored(store(), id)).toBe(id.repeat(1_500))
    }
  })

  it('notes when an upload grew, and not when nothing came', async () => {
    const createdAt = new Date(Date.now() - 60_000)
    await store().create(newUpload('u1', { createdAt }))
    await store().append('u1', 0, pieces(), ALONE)
    expect((await store().find('u1'))?.touchedAt).toEqual(createdAt)
    await store().append('u1', 0, pieces('hello'), ALONE)
    expect((await store().find('u1'))?.touchedAt.getTime()).toBeGreaterThan(Date.now() - 5_000)
  })

  it('refuses a writer that was overtaken', async () => {
    await store().create(newUpload('u1'))
    await store().append('u1', 0, pieces('hello'), { token: 8 })
    await expect(store().append('u1', 5, pieces('world'), { token: 7 })).rejects.toThrow()
    expect((await store().find('u1'))?.offset).toBe(5)
    expect(await store().append('u1', 5, pieces('world'), { token: 8 })).toBe(10)
  })

  it('refuses bytes for an upload that is not at that offset, or not there', async () => {
    await store().create(newUpload('u1'))
    await expect(store().append('u1', 3, pieces('x'), ALONE)).rejects.toThrow()
    await expect(store().append('u2', 0, pieces('x'), ALONE)).rejects.toThrow()
    expect((await store().find('u1'))?.offset).toBe(0)
    expect(await store().find('u2')).toBeNull()
  })
}

function describeEnding(store: StoreUnderTest): void {
  it.each<Outcome>([
    ACCEPTED,
    {
      ...{ kind: 'accepted', location: '/content/a.txt' },
      answer: { status: 200, headers: { 'x-made': 'yes' }, body: 'made' },
      digest: { algorithm: 'sha256', value: 'AAAA' },
    },
    { kind: 'rejected', message: 'the file carries a virus \u{1f9a0}, says Zo\u00eb' },
  ])('keeps an outcome: $kind', async (outcome) => {
    await store().create(newUpload('u1', { length: 5 }))
    await store().append('u1', 0, pieces('hello'), ALONE)
    await store().finish('u1', outcome, null)
    const found = await (await store.reopened()).find('u1')
    expect(found).toMatchObject({ outcome, offset: 5, length: 5 })
  })

  it('notes when an upload ended', async () => {
    const createdAt = new Date(Date.now() - 60_000)
    await store().create(newUpload('u1', { length: 0, createdAt }))
    await store().finish('u1', ACCEPTED, null)
    expect((await store().find('u1'))?.touchedAt.getTime()).toBeGreaterThan(Date.now() - 5_000)
  })

  it('refuses an end by who was overtaken', async () => {
    await store().create(newUpload('u1', { length: 5 }))
    await store().append('u1', 0, pieces('hello'), { token: 8 })
    await expect(store().finish('u1', ACCEPTED, 7)).rejects.toThrow()
    expect((await store().find('u1'))?.outcome).toBeNull()
  })

  it('refuses to end what is not there', async () => {
    await expect(store().finish('u1', ACCEPTED, null)).rejects.toThrow()
    expect(await store().find('u1')).toBeNull()
  })

  it('ends an upload without bytes', async () => {
    await store().create(newUpload('u1', { length: 0 }))
    await store().finish('u1', ACCEPTED, null)
    expect((await store().find('u1'))?.outcome).not.toBeNull()
    if (store().read !== undefined) expect(await stored(store(), 'u1')).toBe('')
  })
}
