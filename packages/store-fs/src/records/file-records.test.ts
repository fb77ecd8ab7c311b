import type { LeaseRequest, NewUpload } from '@tusker/core'
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inPlace } from '../files/file-calls.ts'
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
let records: FileRecords

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'file-records-'))
  reads = 0
  const calls = {
    ...inPlace,
    textOf(file: number) {
      reads += 1
      return inPlace.textOf(file)
    },
  }
  const disk: Disk = { layout: layoutOf(directory), calls, durability: 'process-crash' }
  records = fileRecords(disk)
  await records.create(UPLOAD)
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
    // Creation, lease, bytes with outcome, release.
    expect(lines).toHaveLength(4)
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
