import type { LeaseRequest, NewUpload } from '@tusker/core'
import { appendFileSync } from 'node:fs'
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inPlace, pooled } from '../files/file-calls.ts'
import type { Disk } from '../files/disk.ts'
import { layoutOf } from '../files/paths.ts'
import { fsUploads } from '../fs-uploads.ts'
import type { FileRecords } from './file-records.ts'
import { fileRecords } from './file-records.ts'
import { formatChange } from './record-format.ts'

const REQUEST: LeaseRequest = { ask: 'nothing', signal: new AbortController().signal }

const UPLOAD: NewUpload = {
  id: 'u1',
  length: 10,
  metadata: '',
  owner: null,
  attributes: {},
  concatenation: null,
  concatenationField: null,
  createdAt: new Date(0),
}

let directory: string
let reads: number
let disk: Disk
let records: FileRecords

/** The current turn of the event loop ends. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'file-records-'))
  reads = 0
  const calls = {
    ...inPlace,
    text(path: string) {
      reads += 1
      return inPlace.text(path)
    },
  }
  disk = { layout: layoutOf(directory), calls, durability: 'process-crash' }
  records = fileRecords(disk)
  await records.create(UPLOAD)
  await nextTurn()
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const recordFile = (): string => join(directory, 'u1~record.jsonl')

describe('a record under a lease', () => {
  it('is read once for a lease that is kept in memory, and follows its own changes', async () => {
    await records.hold('u1', async () => {
      expect(await records.findUnder('u1', null)).toMatchObject({ upload: { offset: 0 } })
      await records.change('u1', null, { offset: 4 })
      await records.change('u1', null, { offset: 7, writer: 'w' })
      expect(await records.findUnder('u1', null)).toMatchObject({
        upload: { offset: 7 },
        writer: 'w',
      })
    })
    expect(reads).toBe(1)
    expect(await records.find('u1')).toMatchObject({ upload: { offset: 7 }, writer: 'w' })
  })

  it('is not read again if this process read it in the same turn of the event loop', async () => {
    await records.find('u1')
    await records.hold('u1', async () => {
      expect(await records.findUnder('u1', null)).toMatchObject({ upload: { offset: 0 } })
    })
    expect(reads).toBe(1)
  })

  it('is read again if it was read in an earlier turn, when another process may have changed it', async () => {
    await records.find('u1')
    await nextTurn()
    appendFileSync(recordFile(), formatChange(null, { offset: 5 }))
    await records.hold('u1', async () => {
      expect(await records.findUnder('u1', null)).toMatchObject({ upload: { offset: 5 } })
    })
  })

  it('is read again after the lease', async () => {
    await records.hold('u1', () => records.findUnder('u1', null))
    await appendFile(recordFile(), formatChange(null, { offset: 5 }))
    const again = await records.hold('u1', () => records.findUnder('u1', null))
    expect(again).toMatchObject({ upload: { offset: 5 } })
  })

  it('is read from the file by a caller without the lease', async () => {
    await records.hold('u1', async () => {
      await records.findUnder('u1', null)
      await appendFile(recordFile(), formatChange(null, { offset: 5 }))
      expect(await records.find('u1')).toMatchObject({ upload: { offset: 5 } })
      expect(await records.findUnder('u1', 3)).toMatchObject({ upload: { offset: 5 } })
    })
  })

  it('is known from its acquisition, and each change finds a later holder', async () => {
    const found = await records.find('u1')
    const token = found === null ? null : await records.acquire(found, 'first')
    const before = reads
    expect(await records.findUnder('u1', token)).toMatchObject({ holder: 'first', token: 1 })
    expect(reads).toBe(before)
    await appendFile(recordFile(), formatChange(2, { holder: 'second' }))
    await expect(records.change('u1', token, { offset: 4 })).rejects.toMatchObject({
      code: 'interrupted',
    })
    expect(await records.findUnder('u1', token)).toMatchObject({ token: 2, upload: { offset: 0 } })
  })

  it('is read again after a change that failed', async () => {
    await records.hold('u1', async () => {
      await records.findUnder('u1', null)
      await rm(recordFile())
      await expect(records.change('u1', null, { offset: 4 })).rejects.toMatchObject({
        code: 'not_found',
      })
      expect(await records.findUnder('u1', null)).toBeNull()
    })
  })

  it('is gone for the holder that removed it', async () => {
    await records.hold('u1', async () => {
      await records.findUnder('u1', null)
      await records.remove('u1', null)
      expect(await records.findUnder('u1', null)).toBeNull()
    })
  })

  it('has the last byte and the outcome in one line', async () => {
    const { store, locker } = fsUploads({ directory, shared: true })
    const outcome = { kind: 'accepted', location: null, response: null } as const
    await locker.withLease('u1', REQUEST, async (lease) => {
      await store.append('u1', 0, bytes('helloworld'), { token: lease.token, outcome })
      await store.finish('u1', outcome, lease.token)
      expect(await store.find('u1', { lease })).toMatchObject({ offset: 10, outcome })
    })
    const lines = (await readFile(recordFile(), 'utf8')).trimEnd().split('\n')
    expect(lines.filter((line) => line.includes('"outcome"'))).toHaveLength(1)
    expect(lines.find((line) => line.includes('"offset":10'))).toContain('"outcome"')
    // Creation, lease, bytes with outcome and release.
    expect(lines).toHaveLength(3)
  })

  it('is free for another process once it has the outcome, and stays so for its former holder', async () => {
    const mine = fsUploads({ directory, shared: true })
    const other = fsUploads({ directory, shared: true })
    const outcome = { kind: 'accepted', location: null, response: null } as const
    await mine.locker.withLease('u1', REQUEST, async ({ token }) => {
      await mine.store.append('u1', 0, bytes('helloworld'), { token, outcome })
      const next = await other.locker.withLease('u1', REQUEST, (lease) => Promise.resolve(lease))
      expect(next.token).toBe((token ?? 0) + 1)
      await mine.store.finish('u1', outcome, token)
    })
    expect(await other.store.find('u1')).toMatchObject({ offset: 10, outcome })
  })

  it('stays with its holder after an append that did not complete the upload', async () => {
    const mine = fsUploads({ directory, shared: true })
    const other = fsUploads({ directory, shared: true })
    await mine.locker.withLease('u1', REQUEST, async ({ token }) => {
      await mine.store.append('u1', 0, bytes('hello'), { token })
      const asked = other.locker.withLease('u1', REQUEST, () => Promise.resolve())
      await expect(asked).rejects.toMatchObject({ code: 'busy' })
    })
  })

  it.each([
    ['a local disk is read back without opening it again', inPlace, 1],
    ['a network disk is opened again to read it back', pooled, 2],
  ] as const)('after its own line, %s', async (_title, calls, expected) => {
    let opens = 0
    const open = (path: string, flags: number): ReturnType<typeof calls.open> => {
      opens += 1
      return calls.open(path, flags)
    }
    const text = (path: string): ReturnType<typeof calls.text> => {
      opens += 1
      return calls.text(path)
    }
    const own = fileRecords({ ...disk, calls: { ...calls, open, text } })
    const found = await own.find('u1')
    opens = 0
    expect(found === null ? null : await own.acquire(found, 'me')).toBe(1)
    expect(opens).toBe(expected)
  })

  it('has no outcome after an append that did not reach the length', async () => {
    const { store } = fsUploads({ directory })
    const outcome = { kind: 'accepted', location: null, response: null } as const
    await store.append('u1', 0, bytes('hello'), { token: null, outcome })
    expect(await store.find('u1')).toMatchObject({ offset: 5, outcome: null })
  })
})

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}
