import {
  appendFile,
  copyFile,
  readdir,
  readFile,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkValueOf } from '../src/records/check-value.ts'
import type { TempStore } from './support/open-in-temp.ts'
import { openInTemp } from './support/open-in-temp.ts'
import { ALONE, pieces, textOf, uploadOf } from './support/uploads.ts'

/** A line as a store writes it. */
const lineOf = (json: string): string => `${json} ${checkValueOf(json)}\n`

const ACCEPTED = { kind: 'accepted', location: null, response: null } as const

describe('a store whose files were tampered with, or cut off by a crash', () => {
  let opened: TempStore
  let data: string
  let record: string
  beforeEach(async () => {
    opened = await openInTemp()
    data = join(opened.directory, 'u1')
    record = join(opened.directory, 'u1~record.jsonl')
    await opened.store.create(uploadOf('u1'))
    await opened.store.append('u1', 0, pieces('hello'), ALONE)
  })
  afterEach(() => opened.dispose())

  it.each([
    '',
    '{',
    '{}',
    '{}\n',
    lineOf('{}'),
    lineOf('null'),
    lineOf('[]'),
    lineOf('{"version":1}'),
    lineOf('{"version":2,"id":"u1"}'),
  ])('calls a record %j damaged', async (content) => {
    await writeFile(record, content)
    await expect(opened.store.find('u1')).rejects.toMatchObject({ code: 'damaged' })
    expect(await opened.store.create(uploadOf('u1'))).toBe(false)
  })

  it.each([
    '{"offset":-1}',
    '{"offset":"5"}',
    '{"length":0.5}',
    '{"updatedAt":"x"}',
    '{"outcome":1}',
    '{"token":null}',
    'x',
  ])('calls a record with the change %s damaged', async (change) => {
    await appendFile(record, lineOf(change))
    await expect(opened.store.find('u1')).rejects.toMatchObject({ code: 'damaged' })
  })

  it('calls a record that was cut off within a line damaged, wherever', async () => {
    const whole = await readFile(record, 'utf8')
    expect(whole.length).toBeLessThan(512)
    for (let length = 0; length < whole.length; length += 1) {
      if (whole[length - 1] === '\n') continue
      await writeFile(record, whole.slice(0, length))
      await expect(opened.store.find('u1')).rejects.toMatchObject({ code: 'damaged' })
    }
  })

  it('calls a record damaged in which one character of a line was changed, wherever', async () => {
    await opened.store.finish('u1', ACCEPTED, null)
    const whole = await readFile(record, 'latin1')
    for (let index = 0; index < whole.length; index += 1) {
      const other = whole[index] === '7' ? '8' : '7'
      await writeFile(record, whole.slice(0, index) + other + whole.slice(index + 1))
      await expect(opened.reopen().find('u1')).rejects.toMatchObject({ code: 'damaged' })
    }
  })

  it('calls an upload damaged whose bytes are missing', async () => {
    await truncate(data, 4)
    await expect(opened.store.find('u1')).rejects.toMatchObject({ code: 'damaged' })
    await expect(opened.store.append('u1', 5, pieces('world'), ALONE)).rejects.toMatchObject({
      code: 'damaged',
    })
    await expect(opened.store.exportTo('u1', `${data}~here`)).rejects.toMatchObject({
      code: 'damaged',
    })
  })

  it('removes what is damaged', async () => {
    await writeFile(record, '{}')
    await opened.store.remove('u1', 1)
    expect(await readdir(opened.directory)).toEqual([])
  })

  it('answers to no other name, as where a file system ignores case', async () => {
    await copyFile(record, join(opened.directory, 'U1~record.jsonl'))
    expect(await opened.store.find('U1')).toBeNull()
    await opened.store.remove('U1', null)
    expect(await opened.store.find('u1')).toMatchObject({ offset: 5 })
  })

  it('counts no foreign bytes behind the offset, and writes over them', async () => {
    await appendFile(data, 'XXXXXXXXXXXX')
    expect(await opened.store.find('u1')).toMatchObject({ offset: 5 })
    expect(await opened.store.append('u1', 5, pieces('world'), ALONE)).toBe(10)
    expect(await textOf(opened.store, 'u1')).toBe('helloworld')
    await opened.store.finish('u1', ACCEPTED, null)
    expect(await readFile(data, 'utf8')).toBe('helloworld')
  })

  // A call that is cut short ends between two blocks; zeroes are what a disk shows that lost power.
  it.each([
    ['cut off between two blocks', (free: number) => '{'.padEnd(free, 'x')],
    ['of zeroes', () => '\0'.repeat(20)],
    ['cut off, and zeroes behind it', () => `{"off${'\0'.repeat(20)}`],
  ])('makes nothing of a line %s, and goes on behind it', async (_, tail) => {
    const { length } = await readFile(record)
    await appendFile(record, tail(512 - length))
    expect(await opened.store.find('u1')).toMatchObject({ offset: 5 })
    expect(await opened.store.append('u1', 5, pieces('world'), ALONE)).toBe(10)
    expect(await opened.reopen().find('u1')).toMatchObject({ offset: 10 })
  })

  it('makes nothing of what a holder wrote after it had been overtaken', async () => {
    await opened.store.append('u1', 5, pieces('w'), { token: 8 })
    await appendFile(record, lineOf('{"token":7,"offset":10,"length":11}'))
    expect(await opened.store.find('u1')).toMatchObject({ offset: 6, length: 10 })
  })

  it('knows no upload whose creation was cut off, and gives its id away after a while', async () => {
    const cutOff = join(opened.directory, 'u2~record.jsonl')
    await writeFile(cutOff, '')
    expect(await opened.store.find('u2')).toBeNull()
    expect(await opened.store.create(uploadOf('u2'))).toBe(false)
    await utimes(cutOff, 0, 0)
    expect(await opened.store.create(uploadOf('u2'))).toBe(true)
    expect(await opened.store.find('u2')).toMatchObject({ offset: 0 })
  })

  it('ends a removal that was cut off, unless the id is in use again', async () => {
    for (const id of ['u1', 'u2']) {
      await writeFile(join(opened.directory, `${id}~removed`), '')
      await utimes(join(opened.directory, `${id}~removed`), 0, 0)
    }
    await writeFile(join(opened.directory, 'u2'), 'bytes')
    for await (const id of opened.store.list()) expect(id).toBe('u1')
    expect((await readdir(opened.directory)).sort()).toEqual(['u1', 'u1~record.jsonl'])
    expect(await textOf(opened.store, 'u1')).toBe('hello')
  })

  it('clears bytes away that were moved for nothing, with the upload', async () => {
    for (const name of ['u1~data-1', 'u2~data-1', 'u2~data-2']) {
      await writeFile(join(opened.directory, name), 'bytes')
      if (name !== 'u2~data-2') await utimes(join(opened.directory, name), 0, 0)
    }
    for await (const id of opened.store.list()) expect(id).toBe('u1')
    expect((await readdir(opened.directory)).sort()).toEqual([
      'u1',
      'u1~data-1',
      'u1~record.jsonl',
      'u2~data-2',
    ])
  })

  it('clears away what crashes left behind, and not what is being made', async () => {
    const old = join(opened.directory, '.tusker~1-1-1.tmp')
    const fresh = join(opened.directory, '.tusker~1-1-2.tmp')
    for (const path of [old, fresh]) await writeFile(path, '{')
    await utimes(old, 0, 0)
    for await (const id of opened.store.list()) expect(id).toBe('u1')
    expect((await readdir(opened.directory)).sort()).toEqual([
      '.tusker~1-1-2.tmp',
      'u1',
      'u1~record.jsonl',
    ])
  })
})
