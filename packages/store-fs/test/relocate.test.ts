import type { UploadRecords } from '@tusker/core'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { memoryRecords } from './support/memory-records.ts'
import type { TempStore } from './support/open-in-temp.ts'
import { openInTemp } from './support/open-in-temp.ts'
import { pieces, textOf, uploadOf } from './support/uploads.ts'

const ELSEWHERE = 'elsewhere/pid:[1]/7/7#a#1'

const ACCEPTED = { kind: 'accepted', location: null, response: null } as const

type Change = UploadRecords['change']

describe('fsStore moves bytes to another file', () => {
  let opened: TempStore
  let records: UploadRecords
  /** Runs just before each change. */
  let before: Change
  /** True for a change that is made, but whose reply is lost. */
  let losesReply: (change: Parameters<Change>[2]) => boolean
  /** Runs once, after a record was read and before its reader continues. */
  let afterFind: (() => Promise<void>) | null
  beforeEach(async () => {
    const inner = memoryRecords()
    before = () => Promise.resolve()
    losesReply = () => false
    afterFind = null
    records = {
      ...inner,
      async find(id) {
        const [found, act] = [await inner.find(id), afterFind]
        afterFind = null
        await act?.()
        return found
      },
      async change(...change) {
        await before(...change)
        await inner.change(...change)
        if (losesReply(change[2])) throw new Error('the reply was lost')
      },
    }
    opened = await openInTemp({ records })
    await opened.store.create(uploadOf('u1', { length: null }))
    await opened.store.append('u1', 0, pieces('hello'), { token: 1 })
  })
  afterEach(() => opened.dispose())

  /** The append of the second holder. In some tests a third holder is faster. */
  const appendBySecond = (): Promise<number> =>
    opened.store.append('u1', 5, pieces('XXX'), { token: 2 })

  /** Runs `act` once, just before the change for which `isIt` is true. */
  function interpose(
    isIt: (...change: Parameters<Change>) => boolean,
    act: () => Promise<void>,
  ): void {
    before = async (...change) => {
      if (!isIt(...change)) return
      before = () => Promise.resolve()
      await act()
    }
  }

  it('fsStore moves the bytes that the last holder committed while its lease was taken over', async () => {
    await records.change('u1', 1, { writer: ELSEWHERE })
    await writeFile(join(opened.directory, 'u1'), 'hello world')
    interpose(
      (_, token) => token === 2,
      () => records.change('u1', 1, { offset: 11 }),
    )
    await expect(appendBySecond()).rejects.toMatchObject({
      code: 'offset_mismatch',
      actualOffset: 11,
    })
    expect(await opened.store.append('u1', 11, pieces('!'), { token: 2 })).toBe(12)
    expect(await textOf(opened.store, 'u1')).toBe('hello world!')
  })

  it('fsStore keeps the file of a third holder when the second holder moves bytes too late', async () => {
    await records.change('u1', 1, { writer: ELSEWHERE })
    interpose(
      (_id, token, { data }) => token === 2 && data !== undefined,
      async () => void (await opened.store.append('u1', 5, pieces(' world'), { token: 3 })),
    )
    await expect(appendBySecond()).rejects.toMatchObject({
      code: 'interrupted',
    })
    expect(await textOf(opened.store, 'u1')).toBe('hello world')
    expect(await readdir(opened.directory)).toEqual([
      `u1~data-${(await records.find('u1'))?.data ?? ''}`,
    ])
  })

  it('fsStore finds, reads and exports bytes that are moved after the record was read', async () => {
    const looks = [
      () => opened.store.find('u1'),
      async () => {
        for await (const piece of opened.store.read('u1', 0, 5)) return String(Buffer.from(piece))
        return null
      },
      () => opened.store.exportTo('u1', join(opened.directory, 'content')),
    ]
    for (const [index, look] of looks.entries()) {
      await records.change('u1', index + 1, { writer: ELSEWHERE })
      afterFind = () => opened.store.finish('u1', ACCEPTED, index + 2)
      await expect(look()).resolves.not.toBeNull()
    }
    expect(await readFile(join(opened.directory, 'content'), 'utf8')).toBe('hello')
  })

  it('a stale holder whose file was moved gets the error interrupted', async () => {
    await records.change('u1', 1, { writer: ELSEWHERE })
    interpose(
      (_, token) => token === 2,
      async () => {
        await records.change('u1', 2, {})
        afterFind = async () => void (await opened.store.append('u1', 5, pieces('!'), { token: 3 }))
      },
    )
    await expect(appendBySecond()).rejects.toMatchObject({
      code: 'interrupted',
    })
    expect(await textOf(opened.store, 'u1')).toBe('hello!')
  })

  it('fsStore keeps both files when it is unknown which of them the record names', async () => {
    await records.change('u1', 1, { writer: ELSEWHERE })
    losesReply = ({ data }) => data !== undefined
    await expect(opened.store.append('u1', 5, pieces('!'), { token: 2 })).rejects.toThrow('lost')
    losesReply = () => false
    expect(await textOf(opened.store, 'u1')).toBe('hello')
    expect(await opened.store.append('u1', 5, pieces('!'), { token: 3 })).toBe(6)
    expect(await textOf(opened.store, 'u1')).toBe('hello!')
  })

  it('a stale attempt to concatenate a removed upload leaves no file behind', async () => {
    await opened.store.finish('u1', ACCEPTED, 1)
    await opened.store.create(uploadOf('whole', { length: 5 }))
    interpose(
      (_id, token, { data }) => token === 2 && data !== undefined,
      async () => {
        expect(await opened.store.concatenate('whole', ['u1'], 3)).toBe(5)
        expect(await textOf(opened.store, 'whole')).toBe('hello')
        await opened.store.remove('whole', 3)
      },
    )
    await expect(opened.store.concatenate('whole', ['u1'], 2)).rejects.toMatchObject({
      code: 'not_found',
    })
    expect(await readdir(opened.directory)).toEqual(['u1'])
  })

  it('fsStore neither reads nor removes a file outside of its directory', async () => {
    const outside = join(opened.directory, 'outside')
    await mkdir(outside)
    await writeFile(join(outside, 'file'), 'hello')
    await records.change('u1', 1, { data: '/../outside/file' })
    await mkdir(join(opened.directory, 'u1~data-'))
    await expect(opened.store.find('u1')).rejects.toMatchObject({ code: 'damaged' })
    await expect(textOf(opened.store, 'u1')).rejects.toMatchObject({ code: 'damaged' })
    await opened.store.remove('u1', 1)
    expect(await opened.store.find('u1')).toBeNull()
    expect(await readFile(join(outside, 'file'), 'utf8')).toBe('hello')
  })
})
