import { expect, it } from 'vitest'
import { fed, pieces, stored } from './bytes.ts'
import type { StoreUnderTest } from './store-under-test.ts'
import { ACCEPTED, ALONE, newUpload } from './store-under-test.ts'

/** The tests of `append`, for every store. */
export function describeAppending(store: StoreUnderTest): void {
  it('find reports the offset that append returned, also after the store is reopened', async () => {
    await store().create(newUpload('u1'))
    expect(await store().append('u1', 0, pieces('hel', 'lo'), ALONE)).toBe(5)
    expect(await store().append('u1', 5, pieces('world'), ALONE)).toBe(10)
    expect((await store().find('u1'))?.offset).toBe(10)
    expect((await (await store.reopened()).find('u1'))?.offset).toBe(10)
  })

  it('an append without bytes to a full upload leaves its bytes as they are', async ({ skip }) => {
    await store().create(newUpload('u1', { length: 5 }))
    await store().append('u1', 0, pieces('hel'), ALONE)
    expect(await store().append('u1', 3, pieces('lo'), ALONE)).toBe(5)
    expect(await store().append('u1', 5, pieces(), ALONE)).toBe(5)
    await store().finish('u1', ACCEPTED, null)
    if (store().read === undefined) skip('the store cannot read')
    expect(await stored(store(), 'u1')).toBe('hello')
  })

  it('append keeps the bytes of a body that ended early', async () => {
    await store().create(newUpload('u1'))
    expect(await store().append('u1', 0, pieces('hel'), ALONE)).toBe(3)
    expect(await store().append('u1', 3, pieces(), ALONE)).toBe(3)
    expect((await store().find('u1'))?.offset).toBe(3)
  })

  it('append commits arrived bytes within about a second while it waits for more', async () => {
    await store().create(newUpload('u1'))
    const { body, feed, end } = fed()
    const reported: number[] = []
    const appending = store().append('u1', 0, body, {
      token: null,
      onProgress: (at) => reported.push(at),
    })
    feed('hello')
    await expect.poll(() => reported.at(-1), { timeout: 3_000 }).toBe(5)
    expect((await (await store.reopened()).find('u1'))?.offset).toBe(5)
    feed('world')
    end()
    expect(await appending).toBe(10)
  })

  it('append reports each commit by onProgress, and the last report has all bytes', async () => {
    await store().create(newUpload('u1', { length: 5_000_000 }))
    const reported: number[] = []
    const texts = Array<string>(50).fill('x'.repeat(100_000))
    const onProgress = (offset: number): void => void reported.push(offset)
    await store().append('u1', 0, pieces(...texts), { token: null, onProgress })
    expect(reported.at(-1)).toBe(5_000_000)
    expect([...new Set(reported)].sort((a, b) => a - b)).toEqual(reported)
  })

  it('find never reports an offset that is lost when the store is reopened', async () => {
    await store().create(newUpload('u1'))
    const { body, feed, end } = fed()
    const appending = store().append('u1', 0, body, ALONE)
    feed('hello')
    await new Promise((resolve) => setTimeout(resolve, 20))
    const reported = (await store().find('u1'))?.offset ?? 0
    expect((await (await store.reopened()).find('u1'))?.offset).toBeGreaterThanOrEqual(reported)
    end()
    await appending
  })

  it('uploads that grow at the same time do not mix their bytes', async () => {
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

  it('append updates updatedAt when bytes arrived, and only then', async () => {
    const createdAt = new Date(Date.now() - 60_000)
    await store().create(newUpload('u1', { createdAt }))
    await store().append('u1', 0, pieces(), ALONE)
    expect((await store().find('u1'))?.updatedAt).toEqual(createdAt)
    await store().append('u1', 0, pieces('hello'), ALONE)
    expect((await store().find('u1'))?.updatedAt.getTime()).toBeGreaterThan(Date.now() - 5_000)
  })

  it('a stale holder cannot append bytes', async () => {
    await store().create(newUpload('u1'))
    await store().append('u1', 0, pieces('hello'), { token: 8 })
    await expect(store().append('u1', 5, pieces('world'), { token: 7 })).rejects.toThrow()
    expect((await store().find('u1'))?.offset).toBe(5)
    expect(await store().append('u1', 5, pieces('world'), { token: 8 })).toBe(10)
  })

  it('append rejects a wrong offset and an upload that does not exist', async () => {
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
