import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { memoryRecords } from './support/memory-records.ts'
import type { TempStore } from './support/open-in-temp.ts'
import { openInTemp } from './support/open-in-temp.ts'
import { uploadOf } from './support/uploads.ts'

const BATCH = Buffer.alloc(256 * 1024)

describe('fsStore and the lease of a long append', () => {
  const records = memoryRecords()
  let opened: TempStore
  let looks: number
  beforeEach(async () => {
    looks = 0
    opened = await openInTemp({
      records: {
        ...records,
        find(id) {
          looks += 1
          return records.find(id)
        },
      },
    })
    vi.useFakeTimers({ toFake: ['performance'] })
  })
  afterEach(async () => {
    vi.useRealTimers()
    await opened.dispose()
  })

  /** Appends batches to a new upload. Returns how many looks at the record that took. */
  async function looksFor(id: string, count: number): Promise<number> {
    await opened.store.create(uploadOf(id, { length: null }))
    const before = looks
    await opened.store.append(id, 0, batches(count), { token: 1 })
    return looks - before
  }

  it('a holder that writes without a pause does not look at the record for each batch', async () => {
    expect(await looksFor('long', 40)).toBe(await looksFor('short', 4))
  })

  it('a holder that lost its lease during a pause stops before the end of its body', async () => {
    await opened.store.create(uploadOf('u1', { length: null }))
    let sent = 0
    async function* body(): AsyncGenerator<Uint8Array> {
      for await (const batch of batches(40)) {
        sent += 1
        if (sent === 6) {
          await records.change('u1', 2, {})
          vi.advanceTimersByTime(1_000)
        }
        yield batch
      }
    }
    const appended = opened.store.append('u1', 0, body(), { token: 1 })
    await expect(appended).rejects.toMatchObject({ code: 'interrupted' })
    expect(sent).toBeLessThan(12)
  })
})

async function* batches(count: number): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < count; sent += 1) yield await Promise.resolve(BATCH)
}
