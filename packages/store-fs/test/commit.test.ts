import { spawnSync } from 'node:child_process'
import { appendFile, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TempStore } from './support/open-in-temp.ts'
import { openInTemp } from './support/open-in-temp.ts'
import { programPath } from './support/programs.ts'
import { ALONE, bodyOf, pieces, uploadOf } from './support/uploads.ts'

describe('fsStore commits', () => {
  let opened: TempStore
  beforeEach(async () => {
    opened = await openInTemp()
    await opened.store.create(uploadOf('u1', { length: null }))
  })
  afterEach(() => opened.dispose())

  it('fsStore.find commits all bytes that a running append of this process has received', async () => {
    let end = (): void => {}
    const ended = new Promise<void>((resolve) => (end = resolve))
    async function* body(): AsyncGenerator<Uint8Array> {
      yield* bodyOf(9, 100_000)
      await ended
    }
    const appending = opened.store.append('u1', 0, body(), ALONE)
    await turn()
    await expect
      .poll(async () => (await opened.store.find('u1'))?.offset, { timeout: 500, interval: 5 })
      .toBe(900_000)
    expect(await opened.reopen().find('u1')).toMatchObject({ offset: 900_000 })
    end()
    expect(await appending).toBe(900_000)
  })

  it('the first commit of a running append says in the same line that later bytes survive its process', async () => {
    let end = (): void => {}
    const ended = new Promise<void>((resolve) => (end = resolve))
    async function* body(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('hello')
      await ended
      yield Buffer.from('world')
    }
    const appending = opened.store.append('u1', 0, body(), ALONE)
    await turn()
    await expect.poll(async () => (await opened.store.find('u1'))?.offset).toBe(5)
    end()
    await appending
    const lines = (await readFile(join(opened.directory, 'u1~record.jsonl'), 'utf8')).split('\n')
    expect(lines.slice(1, -1).map((line) => line.replace(/ \w+$/, ''))).toEqual([
      expect.stringMatching(/"offset":5,.*"writer":".*#plain"/),
      expect.stringMatching(/"offset":10,.*"writer":null/),
    ])
  })

  it('a running append removes what an interrupted one left behind its offset before it notes its bytes', async () => {
    await opened.store.append('u1', 0, pieces('hello'), ALONE)
    const data = join(opened.directory, await opened.dataFile('u1'))
    await appendFile(data, 'stale')
    let end = (): void => {}
    const ended = new Promise<void>((resolve) => (end = resolve))
    async function* body(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('-')
      await ended
    }
    const appending = opened.store.append('u1', 5, body(), ALONE)
    await turn()
    await expect.poll(async () => (await opened.store.find('u1'))?.offset).toBe(6)
    expect(await readFile(data, 'utf8')).toBe('hello-')
    end()
    await appending
  })

  it('fsStore.append reports a commit at least every 16 MiB, with growing offsets', async () => {
    const reported: number[] = []
    await opened.store.append('u1', 0, bodyOf(50, 2 ** 20), {
      token: null,
      onProgress: (offset) => reported.push(offset),
    })
    expect(reported.at(-1)).toBe(50 * 2 ** 20)
    expect(reported.length).toBeGreaterThanOrEqual(3)
    expect([...reported].sort((a, b) => a - b)).toEqual(reported)
    expect(new Set(reported).size).toBe(reported.length)
  })

  it('a record stays short however often it changes', async () => {
    for (let index = 0; index < 1_000; index += 1) {
      await opened.store.append('u1', index, pieces('x'), { token: index })
    }
    const record = join(opened.directory, 'u1~record.jsonl')
    expect((await stat(record)).size).toBeLessThan(17 * 1024)
    await opened.store.declareLength('u1', 1_000, 1_000)
    expect(await opened.reopen().find('u1')).toMatchObject({ offset: 1_000, length: 1_000 })
    await expect(opened.store.declareLength('u1', 1_000, 999)).rejects.toMatchObject({
      code: 'interrupted',
    })
  })

  it('a record holds lines of JSON, each with a check value', async () => {
    await opened.store.append('u1', 0, pieces('hello'), { token: 3 })
    const lines = (await readFile(join(opened.directory, 'u1~record.jsonl'), 'utf8')).split('\n')
    const parsed = lines
      .slice(0, -1)
      .map((line): unknown => JSON.parse(line.slice(0, line.lastIndexOf(' '))))
    expect(parsed).toMatchObject([
      { version: 2, id: 'u1', length: null },
      { token: 3 },
      { token: 3, writer: expect.any(String) },
      { token: 3, offset: 5, writer: null },
    ])
  })

  it('fsStore with durability power-loss syncs the bytes before it commits them', async ({
    skip,
  }) => {
    if (spawnSync('strace', ['-V']).error) return skip('there is no strace to watch the calls with')
    const script = `
      import { fsStore } from ${JSON.stringify(programPath('index'))}
      const store = fsStore({ directory: ${JSON.stringify(opened.directory)}, durability: 'power-loss' })
      async function* body() { yield Buffer.from('hello') }
      await store.append('u1', 0, body(), { token: null })
    `
    const node = ['--input-type=module', '-e']
    const { stderr } = spawnSync(
      'strace',
      ['-f', '-y', '-e', 'trace=/.*write.*|fsync|fdatasync', process.execPath, ...node, script],
      { encoding: 'utf8' },
    )
    const calls = [...stderr.matchAll(/(\w+)\(\d+<[^>]*\/(tusker-store-fs-[^>]*)>/g)].map(
      ([, call = '', path = '']) => [
        call.replace(/^p?write.*/, 'write'),
        path.split('/')[1] ?? '/',
      ],
    )
    expect(calls).toEqual([
      ['write', 'u1'],
      ['fdatasync', 'u1'],
      ['fsync', '/'],
      ['write', 'u1~record.jsonl'],
      ['fdatasync', 'u1~record.jsonl'],
    ])
  })
})
