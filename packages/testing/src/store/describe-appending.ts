import { expect, it } from 'vitest'
import { fed, pieces, stored } from './bytes.ts'
import type { StoreUnderTest } from './store-under-test.ts'
import { ALONE, newUpload } from './store-under-test.ts'

/** What `append` must do in every store. */
export function describeAppending(store: StoreUnderTest): void {
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
    expect((await store().find('u1'))?.updatedAt).toEqual(createdAt)
    await store().append('u1', 0, pieces('hello'), ALONE)
    expect((await store().find('u1'))?.updatedAt.getTime()).toBeGreaterThan(Date.now() - 5_000)
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
    for (const token of [null, 1]) {
      await expect(store().append('u1', 3, pieces('x'), { token })).rejects.toMatchObject({
        code: 'offset_mismatch',
        actualOffset: 0,
      })
    }
    await expect(store().append('u2', 0, pieces('x'), ALONE)).rejects.toThrow()
    expect((await store().find('u1'))?.offset).toBe(0)
    expect(await store().find('u2')).toBeNull()
  })
}
