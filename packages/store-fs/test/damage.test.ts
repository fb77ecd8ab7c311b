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

/** A record line, as the store writes it. */
const lineOf = (json: string): string => `${json} ${checkValueOf(json)}\n`

const ACCEPTED = { kind: 'accepted', location: null, response: null } as const

describe('fsStore with changed or truncated files', () => {
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
  ])('fsStore reports the record %j as damaged', async (content) => {
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
  ])('fsStore reports a record with the change %s as damaged', async (change) => {
    await appendFile(record, lineOf(change))
    await expect(opened.store.find('u1')).rejects.toMatchObject({ code: 'damaged' })
  })

  it('fsStore reports a record as damaged that was truncated anywhere within a line', async () => {
    const whole = await readFile(record, 'utf8')
    expect(whole.length).toBeLessThan(512)
    for (let length = 0; length < whole.length; length += 1) {
      if (whole[length - 1] === '\n') continue
      await writeFile(record, whole.slice(0, length))
      await expect(opened.store.find('u1')).rejects.toMatchObject({ code: 'damaged' })
    }
  })

  it('fsStore reports a record as damaged when any one character of it was changed', async () => {
    await opened.store.finish('u1', ACCEPTED, null)
    const whole = await readFile(record, 'latin1')
    for (let index = 0; index < whole.length; index += 1) {
      const other = whole[index] === '7' ? '8' : '7'
      await writeFile(record, whole.slice(0, index) + other + whole.slice(index + 1))
      await expect(opened.reopen().find('u1')).rejects.toMatchObject({ code: 'damaged' })
    }
  })

  it('fsStore reports an upload as damaged when committed bytes are missing', async () => {
    await truncate(data, 4)
    await expect(opened.store.find('u1')).rejects.toMatchObject({ code: 'damaged' })
    await expect(opened.store.append('u1', 5, pieces('world'), ALONE)).rejects.toMatchObject({
      code: 'damaged',
    })
    await expect(opened.store.exportTo('u1', `${data}~here`)).rejects.toMatchObject({
      code: 'damaged',
    })
  })

  it('fsStore removes a damaged upload', async () => {
    await writeFile(record, '{}')
    await opened.store.remove('u1', 1)
    expect(await readdir(opened.directory)).toEqual([])
  })

  it('fsStore does not find an upload by an id in another case', async () => {
    await copyFile(record, join(opened.directory, 'U1~record.jsonl'))
    expect(await opened.store.find('U1')).toBeNull()
    await opened.store.remove('U1', null)
    expect(await opened.store.find('u1')).toMatchObject({ offset: 5 })
  })

  it('fsStore ignores bytes that another program appended, and overwrites them', async () => {
    await appendFile(data, 'XXXXXXXXXXXX')
    expect(await opened.store.find('u1')).toMatchObject({ offset: 5 })
    expect(await opened.store.append('u1', 5, pieces('world'), ALONE)).toBe(10)
    expect(await textOf(opened.store, 'u1')).toBe('helloworld')
    await opened.store.finish('u1', ACCEPTED, null)
    expect(await readFile(data, 'utf8')).toBe('helloworld')
  })

  // An interrupted call ends between two blocks. After a power loss a file may contain zeroes.
  it.each([
    ['that ends between two blocks', (free: number) => '{'.padEnd(free, 'x')],
    ['of zeroes', () => '\0'.repeat(20)],
    ['that ends in zeroes', () => `{"off${'\0'.repeat(20)}`],
  ])('fsStore ignores a record line %s, and adds the next line behind it', async (_, tail) => {
    const { length } = await readFile(record)
    await appendFile(record, tail(512 - length))
    expect(await opened.store.find('u1')).toMatchObject({ offset: 5 })
    expect(await opened.store.append('u1', 5, pieces('world'), ALONE)).toBe(10)
    expect(await opened.reopen().find('u1')).toMatchObject({ offset: 10 })
  })

  it('fsStore ignores a record line of a stale holder', async () => {
    await opened.store.append('u1', 5, pieces('w'), { token: 8 })
    await appendFile(record, lineOf('{"token":7,"offset":10,"length":11}'))
    expect(await opened.store.find('u1')).toMatchObject({ offset: 6, length: 10 })
  })

  it('fsStore finds no upload whose creation was interrupted, and frees its id after a while', async () => {
    const cutOff = join(opened.directory, 'u2~record.jsonl')
    await writeFile(cutOff, '')
    expect(await opened.store.find('u2')).toBeNull()
    expect(await opened.store.create(uploadOf('u2'))).toBe(false)
    await utimes(cutOff, 0, 0)
    expect(await opened.store.create(uploadOf('u2'))).toBe(true)
    expect(await opened.store.find('u2')).toMatchObject({ offset: 0 })
  })

  it('list completes an interrupted removal, unless a new upload has the id', async () => {
    for (const id of ['u1', 'u2']) {
      await writeFile(join(opened.directory, `${id}~removed`), '')
      await utimes(join(opened.directory, `${id}~removed`), 0, 0)
    }
    await writeFile(join(opened.directory, 'u2'), 'bytes')
    for await (const id of opened.store.list()) expect(id).toBe('u1')
    expect((await readdir(opened.directory)).sort()).toEqual(['u1', 'u1~record.jsonl'])
    expect(await textOf(opened.store, 'u1')).toBe('hello')
  })

  it('list removes an unused copy of the bytes once its upload is gone', async () => {
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

  it('list removes old temporary files and keeps new ones', async () => {
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
