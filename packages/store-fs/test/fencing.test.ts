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
const CAN_IDENTIFY = existsSync('/proc/self/stat')
if (!CAN_IDENTIFY)
  console.info('processes stopped in the middle of a call are not tested: no /proc')

const ELSEWHERE = 'elsewhere/pid:[1]/7/7#a#1'

/** Notes a writer in the record, but not the end of its write. */
async function noteWriter({ directory }: TempStore, token: number, writer: string): Promise<void> {
  await appendFile(join(directory, 'u1~record.jsonl'), formatChange(token, { writer }))
}

/** True once a process is stopped. */
function isStopped(pid: number): boolean {
  return /\) T /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
}

describe.runIf(CAN_IDENTIFY)('a stale writer that continues later', () => {
  let opened: TempStore
  beforeEach(async () => {
    opened = await openInTemp()
    await opened.store.create(uploadOf('u1', { length: null }))
  })
  afterEach(() => opened.dispose())

  async function continueStale(place: string): Promise<number> {
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

  it('a stale writer that was stopped just before it writes changes no byte of the next holder', {
    timeout: 40_000,
  }, async () => {
    const start = await continueStale('bytes')
    expect(start).toBeGreaterThan(0)
    await expectUnchanged(start)
    expect((await textOf(opened.store, 'u1')).slice(0, start)).toBe('x'.repeat(start))
  })

  it('a stale process that was stopped just before it notes its lease does not get the lease', {
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
    ['copies the bytes of an earlier writer', 'copy', 'hello'],
    ['names the copy in the record', 'bytes elsewhere', 'hello'],
    ['names a new file for an upload without bytes', 'bytes elsewhere', ''],
    ['removes the file that it copied', 'old bytes', 'hello'],
    ['removes the old file of an upload without bytes', 'old bytes', ''],
  ])(
    'a stale writer that was stopped just before it %s changes no byte of the next holder',
    { timeout: 40_000 },
    async (_, place, text) => {
      await opened.store.append('u1', 0, pieces(text), { token: 1 })
      await noteWriter(opened, 1, ELSEWHERE)
      expect(await continueStale(place)).toBe(text.length)
      await expectUnchanged(text.length)
      expect((await textOf(opened.store, 'u1')).slice(0, text.length)).toBe(text)
      await expectFiles([await opened.dataFile('u1'), 'u1~record.jsonl'])
    },
  )

  it.each([
    ['rewrites a record', 'new record'],
    ['names the next file of a record', 'line'],
    ['renames a new record over the old one', 'name'],
  ])(
    'a stale writer that was stopped just before it %s changes no byte of the next holder',
    { timeout: 40_000 },
    async (_, place) => {
      // Until the next change makes the record too long. A new token each time makes that quick.
      const record = join(opened.directory, 'u1~record.jsonl')
      let length = 0
      for (; statSync(record).size <= LONG; length += 1) {
        await opened.store.append('u1', length, pieces('x'), { token: length + 1 })
      }
      expect(await continueStale(place)).toBe(length)
      const start = length
      await expectUnchanged(start)
      await expectFiles([await opened.dataFile('u1'), 'u1~record.jsonl'])
    },
  )

  async function expectFiles(names: readonly string[]): Promise<void> {
    expect((await readdir(opened.directory)).filter((name) => !name.startsWith('~'))).toEqual(names)
  }
})

describe('a writer that did not note its end', () => {
  let opened: TempStore
  beforeEach(async () => {
    opened = await openInTemp()
    await opened.store.create(uploadOf('u1', { length: null }))
    await opened.store.append('u1', 0, pieces('hello'), { token: 1 })
  })
  afterEach(() => opened.dispose())

  it('a writer that is certainly dead causes no copy', async () => {
    await noteWriter(opened, 2, newWriterMark().replace(/\/\d+#/, '/0#'))
    await opened.store.append('u1', 5, pieces(' world'), { token: 3 })
    expect(await textOf(opened.store, 'u1')).toBe('hello world')
    if (CAN_IDENTIFY) expect(await opened.dataFile('u1')).toBe('u1')
  })

  it('a writer of another machine keeps its file, and the committed bytes are copied to a new file', async () => {
    await noteWriter(opened, 2, ELSEWHERE)
    await opened.store.append('u1', 5, pieces(' world'), { token: 3 })
    expect(await textOf(opened.store, 'u1')).toBe('hello world')
    const data = await opened.dataFile('u1')
    expect(data).toMatch(/^u1~data-/)
    expect(await readdir(opened.directory)).toEqual([data, 'u1~record.jsonl'])
    await opened.store.remove('u1', 3)
    expect(await readdir(opened.directory)).toEqual([])
  })

  it('a stale writer is fenced off once, and later holders make no further copy', async () => {
    await noteWriter(opened, 2, ELSEWHERE)
    await opened.store.append('u1', 5, pieces(' '), { token: 3 })
    const before = await opened.dataFile('u1')
    await opened.store.append('u1', 6, pieces('world'), { token: 4 })
    expect(await opened.dataFile('u1')).toBe(before)
  })

  it('a stale writer adds no bytes to an exported file', async () => {
    await opened.store.declareLength('u1', 5, 1)
    await noteWriter(opened, 2, ELSEWHERE)
    const content = join(opened.directory, 'content')
    await opened.store.exportTo('u1', content)
    await appendFile(join(opened.directory, 'u1'), ' and more')
    expect(await readFile(content, 'utf8')).toBe('hello')
  })
})

describe('isOver', () => {
  it('isOver is false for this process and for a process of another machine', () => {
    expect(isOver(newWriterMark())).toBe(false)
    expect(isOver(newWriterMark().replace(/^[^/]*/, 'another-boot'))).toBe(false)
    expect(isOver('')).toBe(false)
    expect(isOver('#a#1')).toBe(false)
  })

  it.runIf(CAN_IDENTIFY)(
    'isOver is true for a process that has ended, also when its number is reused',
    () => {
      const [boot, space, pid, began] = newWriterMark().split('#')[0]?.split('/') ?? []
      expect(isOver(`${boot}/${space}/4194399/${began}#a`)).toBe(true)
      expect(isOver(`${boot}/${space}/${pid}/1#a`)).toBe(true)
    },
  )
})
