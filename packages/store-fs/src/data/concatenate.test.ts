import { appendFile, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TempStore } from '../../test/support/open-in-temp.ts'
import { openInTemp } from '../../test/support/open-in-temp.ts'
import { ALONE, uploadOf } from '../../test/support/uploads.ts'

const MIB = 2 ** 20
const ACCEPTED = { kind: 'accepted', location: null, response: null } as const

describe('fsStore.concatenate', () => {
  let opened: TempStore
  beforeEach(async () => {
    opened = await openInTemp()
  })
  afterEach(() => opened.dispose())

  async function parts(...lengths: readonly number[]): Promise<{ ids: string[]; whole: Buffer }> {
    const contents = lengths.map((length, index) => Buffer.alloc(length, `${index}:`))
    const ids: string[] = []
    for (const [index, content] of contents.entries()) {
      const id = `-p${index}`
      await opened.store.create(uploadOf(id, { length: content.byteLength }))
      async function* body(): AsyncGenerator<Uint8Array> {
        if (content.byteLength > 0) yield await Promise.resolve(content)
      }
      await opened.store.append(id, 0, body(), ALONE)
      await opened.store.finish(id, ACCEPTED, null)
      ids.push(id)
    }
    return { ids, whole: Buffer.concat(contents) }
  }

  async function joined(ids: readonly string[], length: number): Promise<Buffer> {
    await opened.store.create(uploadOf('whole', { length }))
    expect(await opened.store.concatenate('whole', ids, null)).toBe(length)
    return readFile(join(opened.directory, await opened.dataFile('whole')))
  }

  const LENGTHS = [
    ['small parts', [3, 0, 5, 1]],
    ['only empty parts', [0, 0]],
    ['large parts', [MIB + 1, 3 * MIB, 0, 7 * MIB + 3]],
    ['a small part and large parts', [1, 9 * MIB, 9 * MIB]],
    ['a single part', [9 * MIB]],
  ] as const

  it.each(LENGTHS)('fsStore.concatenate joins %s in order', async (_parts, lengths) => {
    const { ids, whole } = await parts(...lengths)
    expect((await joined(ids, whole.byteLength)).equals(whole)).toBe(true)
  })

  it('fsStore.concatenate replaces the bytes of an interrupted attempt', async () => {
    const { ids, whole } = await parts(2 * MIB, 10 * MIB)
    await writeFile(join(opened.directory, 'whole'), Buffer.alloc(20 * MIB, 'X'))
    expect((await joined(ids, whole.byteLength)).equals(whole)).toBe(true)
  })

  it('fsStore.concatenate copies no uncommitted bytes from behind those of a part', async () => {
    const { ids, whole } = await parts(5 * MIB, 5 * MIB)
    await appendFile(join(opened.directory, ids[0] ?? ''), 'XXXX')
    expect((await joined(ids, whole.byteLength)).equals(whole)).toBe(true)
  })

  it('fsStore.concatenate rejects a part whose data file is too short as damaged', async () => {
    const { ids, whole } = await parts(2 * MIB, 3)
    await truncate(join(opened.directory, ids[0] ?? ''), MIB)
    await opened.store.create(uploadOf('whole', { length: whole.byteLength }))
    await expect(opened.store.concatenate('whole', ids, null)).rejects.toMatchObject({
      code: 'damaged',
    })
  })
})
