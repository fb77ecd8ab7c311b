import type { UploadRecord, UploadRecords } from '@tusker/core'
import { isUploadError, UploadError } from '@tusker/core'
import { randomUUID } from 'node:crypto'
import { rename, rm, unlink, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Disk } from '../files/disk.ts'
import { namesIn, orAbsent, syncDirectory } from '../files/disk.ts'
import type { Change, FileRecord } from './record-format.ts'
import { addLine, ageOf, createRecordFile } from './record-file.ts'
import { BLOCK, damaged, formatChange, formatFacts, parseRecord } from './record-format.ts'

/** The records of a directory. The offset of an upload is what its record says, and nothing else. */
export interface FileRecords extends UploadRecords {
  find(id: string): Promise<FileRecord | null>
  /**
   * Notes the token above the last one for whoever has just been given the lease, and returns it. No
   * two callers are given the same. Throws for one who was overtaken meanwhile.
   */
  claim(id: string): Promise<number>
}

/** Bytes after which a record is written anew, in two lines. */
const LONG = 16 * 1024

/** Milliseconds within which whoever is creating an upload has written its first line. */
const CREATION = 10_000

export function fileRecords(disk: Disk): FileRecords {
  const { layout, calls } = disk

  async function read(id: string): Promise<FileRecord | null> {
    const text = await orAbsent(() => calls.text(layout.record(id)))
    if (text === null) return null
    const record = parseRecord(text)
    if (record !== null && record.next !== null) return goOn(id, record.next)
    // There can be bytes only where a first line was.
    if (record === null && (await calls.lengthAt(layout.data(id, null))) !== null) throw damaged()
    // On a file system that ignores case, another upload's record answers to this name.
    return record?.upload.id === id ? record : null
  }

  /** Puts the file that a record goes on in in its place, unless somebody has, and reads it. */
  async function goOn(id: string, next: string): Promise<FileRecord | null> {
    await orAbsent(() => rename(layout.nextRecord(id, next), layout.record(id)))
    const text = await orAbsent(() => calls.text(layout.record(id)))
    if (text !== null && parseRecord(text)?.next === next) throw damaged()
    return read(id)
  }

  async function isBlank(id: string): Promise<boolean> {
    try {
      const text = await orAbsent(() => calls.text(layout.record(id)))
      return text !== null && parseRecord(text) === null && (await read(id)) === null
    } catch (error) {
      if (isUploadError(error)) return false
      throw error
    }
  }

  async function find(id: string): Promise<FileRecord | null> {
    try {
      return await read(id)
    } catch (error) {
      if (!isUploadError(error)) throw error
      // Some file systems show another process half of a line while it is being written.
      await sleep(2)
      return read(id)
    }
  }

  const get = (id: string): Promise<FileRecord> => recordOf({ find }, id)

  /**
   * Writes a record anew, in two lines. The old one ends with a line that names the new one: whoever was
   * overtaken can write such a line too late, but not make it count.
   */
  async function rewrite(id: string, token: number | null, change: Change): Promise<void> {
    const record = await get(id)
    assertHolds(token, record.token)
    const {
      offset,
      updatedAt,
      outcome,
      writer = record.writer,
      data = record.data,
      ...attributes
    } = {
      ...record.upload,
      ...change,
    }
    const bytes = { ...(writer === null ? {} : { writer }), ...(data === null ? {} : { data }) }
    const state = { offset, updatedAt, outcome, ...bytes }
    const text = formatFacts(attributes) + formatChange(token ?? record.token, state)
    const flush = disk.durability === 'power-loss'
    const next = randomUUID()
    await writeFile(layout.nextRecord(id, next), text, { flag: 'wx', flush })
    if (flush) await syncDirectory(layout.record(id))
    await add(id, token, { next })
    await find(id)
    // Still there: its line came too late, and nobody will ever look for it.
    await rm(layout.nextRecord(id, next), { force: true })
  }

  /** Adds a line to a record, in one step. */
  async function add(id: string, token: number | null, what: Change): Promise<void> {
    const path = layout.record(id)
    const length = await calls.lengthAt(path)
    if (length === null) throw new UploadError('not_found', 'the upload was removed')
    // Where the last line may be a cut one, this one starts anew. Empty lines mean nothing.
    const text = (length % BLOCK === 0 ? '\n' : '') + formatChange(token, what)
    // Who writes and who leads is over with the power; the rest has to be there again.
    const flush = disk.durability === 'power-loss' && !isAboutHolders(what)
    await addLine(calls, path, { text, length, flush })
  }

  async function change(id: string, token: number | null, what: Change): Promise<void> {
    const length = await calls.lengthAt(layout.record(id))
    if (length !== null && length > LONG) await rewrite(id, token, what)
    else await add(id, token, what)
    if (token === null) return
    // Asked afterwards: from now on a later holder reads this line, and was not there before.
    const last = (await get(id)).token
    assertHolds(token, last)
    // Somebody before us had the record go on elsewhere, and our line came too late to go along.
    if (last < token) await change(id, token, what)
  }

  async function claim(id: string): Promise<number> {
    const token = (await get(id)).token + 1
    const mine = randomUUID()
    // Never by writing the record anew: until it is noted the token may be somebody else's as well.
    await add(id, token, { claim: mine })
    const last = await get(id)
    if (last.token < token) return claim(id)
    if (last.claim !== mine) throw overtaken()
    return token
  }

  return {
    find,
    change,
    claim,

    async create(upload) {
      const path = layout.record(upload.id)
      const text = formatFacts(upload)
      if (await createRecordFile(disk, path, text)) return true
      // A creator that died before it wrote the first line does not keep the id.
      if (!(await isBlank(upload.id)) || (await ageOf(path)) < CREATION) return false
      await unlink(path)
      return createRecordFile(disk, path, text)
    },

    async remove(id, token) {
      // A damaged one can go as well.
      const record = await find(id).catch((error: unknown) => {
        if (!isUploadError(error)) throw error
      })
      if (record === null) return
      if (record !== undefined) assertHolds(token, record.token)
      // In one step: from here on there is no upload, and its name tells what is left to be cleared away.
      const renamed = await orAbsent(() => rename(layout.record(id), layout.removed(id)))
      if (renamed !== null && disk.durability === 'power-loss') {
        await syncDirectory(layout.record(id))
      }
    },

    async *list() {
      for await (const name of namesIn(disk)) {
        const id = layout.idOf(name)
        if (id !== null) yield id
      }
    },
  }
}

/** Throws `UploadError` `not_found` when there is no record. */
export async function recordOf<Found extends UploadRecord>(
  records: { find(id: string): Promise<Found | null> },
  id: string,
): Promise<Found> {
  const record = await records.find(id)
  if (record === null) throw new UploadError('not_found', 'there is no such upload')
  return record
}

/** Refuses whoever was overtaken, by the token of a later holder. */
export function assertHolds(token: number | null, last: number): void {
  if (token !== null && token < last) throw overtaken()
}

function overtaken(): UploadError {
  return new UploadError('interrupted', 'another request took this upload over')
}

function isAboutHolders(change: Change): boolean {
  return Object.keys(change).every((key) => key === 'writer' || key === 'claim')
}
