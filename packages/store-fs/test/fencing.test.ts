import { once } from 'node:events'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { appendFile, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fileLocker } from '../src/index.ts'
import { startStoppingChild } from './support/child.ts'
import type { TempStore } from './support/open-in-temp.ts'
import { openInTemp } from './support/open-in-temp.ts'
import { bodyOf, pieces, textOf, uploadOf } from './support/uploads.ts'
import { formatChange } from '../src/records/record-format.ts'
import { LONG } from '../src/records/file-records.ts'
import { isOver, newWriterMark } from '../src/files/process-identity.ts'

const YIELD = { ask: 'yield', signal: new AbortController().signal } as const
const CAN_TELL = existsSync('/proc/self/stat')
if (!CAN_TELL) console.info('processes stopped in the middle of a call are not tested: no /proc')

const ELSEWHERE = 'elsewhere/pid:[1]/7/7#a#1'

/** As a writer does that noted that it writes, and not that it has ended. */
async function leaveWord({ directory }: TempStore, token: number, writer: string): Promise<void> {
  await appendFile(join(directory, 'u1~record.jsonl'), formatChange(token, { writer }))
}

/** True once a process is stopped. */
function isStopped(pid: number): boolean {
  return /\) T /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
}

describe.runIf(CAN_TELL)('a writer that was stopped and goes on later', () => {
  let opened: TempStore
  beforeEach(async () => {
    opened = await openInTemp()
    await opened.store.create(uploadOf('u1', { length: null }))
  })
  afterEach(() => opened.dispose())

  async function overtake(place: string): Promise<number> {
    const { child } = startStoppingChild(opened.directory, 'u1', place)
    const { pid = 0 } = child
    await expect.poll(() => isStopped(pid), { timeout: 15_000 }).toBe(true)
    const locker = fileLocker({ directory: opened.directory, leaseTtl: 1_500 })
    const start = await locker.withLease('u1', YIELD, async ({ token }) => {
      const { offset = 0 } = (await opened.store.find('u1')) ?? {}
      await opened.store.append('u1', offset, bodyOf(50, 10_000), { token })
      return offset
    })
    const over = once(child, 'exit')
    child.kill('SIGCONT')
    await over
    return start
  }

  async function expectUnchanged(start: number): Promise<void> {
    expect(await opened.reopen().find('u1')).toMatchObject({ offset: start + 500_000 })
    let at = 0
    for await (const chunk of opened.store.read('u1', start, start + 500_000)) {
      for (const byte of chunk) if (byte !== Math.floor(at++ / 10_000)) throw new Error(`at ${at}`)
    }
    expect(at).toBe(500_000)
  }

  it('just before it writes, changes no bytes of whoever came after', {
    timeout: 40_000,
  }, async () => {
    const start = await overtake('bytes')
    expect(start).toBeGreaterThan(0)
    await expectUnchanged(start)
    expect((await textOf(opened.store, 'u1')).slice(0, start)).toBe('x'.repeat(start))
  })

  it('a process that was stopped just before it notes its lease does not get the lease of the next holder', {
    timeout: 40_000,
  }, async () => {
    const { child } = startStoppingChild(opened.directory, 'u1', 'claim')
    const { pid = 0 } = child
    await expect.poll(() => isStopped(pid), { timeout: 15_000 }).toBe(true)
    const locker = fileLocker({ directory: opened.directory, leaseTtl: 1_500 })
    await locker.withLease('u1', YIELD, async ({ token }) => {
      child.kill('SIGCONT')
      await opened.store.append('u1', 0, bodyOf(50, 10_000), { token })
      await sleep(1_000)
      await expectUnchanged(0)
      child.kill('SIGKILL')
      await once(child, 'exit')
    })
  })

  it.each([
    ['copies bytes away from an earlier one', 'copy', 'hello'],
    ['tells where the copy is', 'bytes elsewhere', 'hello'],
    ['tells where bytes are to come, being none', 'bytes elsewhere', ''],
    ['takes away what it copied', 'old bytes', 'hello'],
    ['takes away where no bytes were', 'old bytes', ''],
  ])('just before it %s, takes nothing back', { timeout: 40_000 }, async (_, place, text) => {
    await opened.store.append('u1', 0, pieces(text), { token: 1 })
    await leaveWord(opened, 1, ELSEWHERE)
    expect(await overtake(place)).toBe(text.length)
    await expectUnchanged(text.length)
    expect((await textOf(opened.store, 'u1')).slice(0, text.length)).toBe(text)
    await expectFiles([await opened.dataFile('u1'), 'u1~record.jsonl'])
  })

  it.each([
    ['writes a record anew', 'new record'],
    ['has a record go on in the new one', 'line'],
    ['puts a new record in the place of the old one', 'name'],
  ])('just before it %s, takes nothing back', { timeout: 40_000 }, async (_, place) => {
    // Until the next change makes the record too long. A new token each time makes that quick.
    const record = join(opened.directory, 'u1~record.jsonl')
    let length = 0
    for (; statSync(record).size <= LONG; length += 1) {
      await opened.store.append('u1', length, pieces('x'), { token: length + 1 })
    }
    expect(await overtake(place)).toBe(length)
    const start = length
    await expectUnchanged(start)
    await expectFiles([await opened.dataFile('u1'), 'u1~record.jsonl'])
  })

  async function expectFiles(names: readonly string[]): Promise<void> {
    expect((await readdir(opened.directory)).filter((name) => !name.startsWith('~'))).toEqual(names)
  }
})

describe('a writer that left no word', () => {
  let opened: TempStore
  beforeEach(async () => {
    opened = await openInTemp()
    await opened.store.create(uploadOf('u1', { length: null }))
    await opened.store.append('u1', 0, pieces('hello'), { token: 1 })
  })
  afterEach(() => opened.dispose())

  it('and is dead for certain costs no copy', async () => {
    await leaveWord(opened, 2, newWriterMark().replace(/\/\d+#/, '/0#'))
    await opened.store.append('u1', 5, pieces(' world'), { token: 3 })
    expect(await textOf(opened.store, 'u1')).toBe('hello world')
    if (CAN_TELL) expect(await opened.dataFile('u1')).toBe('u1')
  })

  it('of another machine keeps its file, and the bytes that count get one of their own', async () => {
    await leaveWord(opened, 2, ELSEWHERE)
    await opened.store.append('u1', 5, pieces(' world'), { token: 3 })
    expect(await textOf(opened.store, 'u1')).toBe('hello world')
    const data = await opened.dataFile('u1')
    expect(data).toMatch(/^u1~data-/)
    expect(await readdir(opened.directory)).toEqual([data, 'u1~record.jsonl'])
    await opened.store.remove('u1', 3)
    expect(await readdir(opened.directory)).toEqual([])
  })

  it('is fenced off once, and not again by those who come later', async () => {
    await leaveWord(opened, 2, ELSEWHERE)
    await opened.store.append('u1', 5, pieces(' '), { token: 3 })
    const before = await opened.dataFile('u1')
    await opened.store.append('u1', 6, pieces('world'), { token: 4 })
    expect(await opened.dataFile('u1')).toBe(before)
  })

  it('adds nothing to what was made of an upload', async () => {
    await opened.store.declareLength('u1', 5, 1)
    await leaveWord(opened, 2, ELSEWHERE)
    const content = join(opened.directory, 'content')
    await opened.store.exportTo('u1', content)
    await appendFile(join(opened.directory, 'u1'), ' and more')
    expect(await readFile(content, 'utf8')).toBe('hello')
  })
})

describe('whether a writer is over', () => {
  it('is certain neither of this process nor of another machine', () => {
    expect(isOver(newWriterMark())).toBe(false)
    expect(isOver(newWriterMark().replace(/^[^/]*/, 'another-boot'))).toBe(false)
    expect(isOver('')).toBe(false)
    expect(isOver('#a#1')).toBe(false)
  })

  it.runIf(CAN_TELL)('is certain of one that is gone, and of a number given again', () => {
    const [boot, space, pid, began] = newWriterMark().split('#')[0]?.split('/') ?? []
    expect(isOver(`${boot}/${space}/4194399/${began}#a`)).toBe(true)
    expect(isOver(`${boot}/${space}/${pid}/1#a`)).toBe(true)
  })
})
