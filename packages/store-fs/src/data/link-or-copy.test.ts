import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TempStore } from '../../test/support/open-in-temp.ts'
import { openInTemp } from '../../test/support/open-in-temp.ts'
import { ALONE, pieces, textOf, uploadOf } from '../../test/support/uploads.ts'

describe('fsStore.exportTo', () => {
  let opened: TempStore
  let data: string
  let to: string
  beforeEach(async () => {
    opened = await openInTemp()
    data = join(opened.directory, 'u1')
    to = join(await mkdtemp(join(dirname(opened.directory), 'tusker-published-')), 'published')
    await opened.store.create(uploadOf('u1', { length: 5 }))
    await opened.store.append('u1', 0, pieces('hello'), ALONE)
  })
  afterEach(async () => {
    await opened.dispose()
    await rm(dirname(to), { recursive: true })
  })

  const expectLinked = async (): Promise<void> => {
    expect((await stat(to)).ino).toBe((await stat(data)).ino)
    expect(await readdir(dirname(to))).toEqual(['published'])
  }

  it('fsStore.exportTo creates a hard link where the file system supports links', async () => {
    await opened.store.exportTo('u1', to)
    await expectLinked()
    expect(await readFile(to, 'utf8')).toBe('hello')
  })

  it('fsStore.exportTo can be repeated and replaces an existing file', async () => {
    await writeFile(to, 'hel')
    await opened.store.exportTo('u1', to)
    await opened.store.exportTo('u1', to)
    await expectLinked()
    expect(await readFile(to, 'utf8')).toBe('hello')
  })

  it('fsStore.exportTo omits bytes that another program appended', async () => {
    await appendFile(data, 'XXXX')
    await opened.store.exportTo('u1', to)
    expect(await readFile(to, 'utf8')).toBe('hello')
  })

  it('fsStore.exportTo copies the committed bytes of an incomplete upload, and no later bytes', async () => {
    await opened.store.create(uploadOf('u2', { length: 10 }))
    await opened.store.append('u2', 0, pieces('hello'), ALONE)
    await opened.store.exportTo('u2', to)
    await opened.store.append('u2', 5, pieces('world'), ALONE)
    expect(await readFile(to, 'utf8')).toBe('hello')
    expect(await textOf(opened.store, 'u2')).toBe('helloworld')
  })

  it('fsStore.exportTo creates an empty file for an upload without bytes', async () => {
    await opened.store.create(uploadOf('u2', { length: 0 }))
    await opened.store.exportTo('u2', to)
    expect(await readFile(to, 'utf8')).toBe('')
  })

  it('an exported file remains when the upload is removed', async () => {
    await opened.store.exportTo('u1', to)
    await opened.store.remove('u1', null)
    expect(await readFile(to, 'utf8')).toBe('hello')
  })

  it('fsStore.exportTo rejects an upload that does not exist', async () => {
    await expect(opened.store.exportTo('u2', to)).rejects.toMatchObject({ code: 'not_found' })
    expect(await readdir(dirname(to))).toEqual([])
  })

  it('fsStore.exportTo makes a copy on another file system', async ({ skip }) => {
    const elsewhere = await mkdtemp('/dev/shm/tusker-published-').catch(() => null)
    if (elsewhere === null) return skip('there is no second file system')
    const copy = join(elsewhere, 'published')
    await writeFile(copy, 'hel')
    await opened.store.exportTo('u1', copy)
    expect(await readFile(copy, 'utf8')).toBe('hello')
    expect(await readdir(elsewhere)).toEqual(['published'])
    await rm(elsewhere, { recursive: true })
  })
})
