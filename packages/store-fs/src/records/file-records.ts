import type { UploadRecord, UploadRecords } from '@tusker/core'
import { isUploadError, UploadError } from '@tusker/core'
import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { rename, rm, unlink, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Disk } from '../files/disk.ts'
import { isFull, namesIn, orAbsent, syncDirectory, withFile } from '../files/disk.ts'
import type { Change, FileRecord } from './record-format.ts'
import { addLine, ageOf, createRecordFile } from './record-file.ts'
import { damaged, formatChange, formatFacts, formatWhole, parseRecord } from './record-format.ts'

/** The records of a directory. They hold the offset, the outcome and the lease of each upload. */
export interface FileRecords extends UploadRecords {
  find(id: string): Promise<FileRecord | null>
  /**
   * Acquires the lease that was free, or expired, when `seen` was read. Returns its token, which is one
   * above that of `seen`. Null when another process was first.
   */
  acquire(seen: FileRecord, holder: string): Promise<number | null>
  /** Releases the lease with this token. Does nothing when it is lost, or the upload was removed. */
  release(id: string, token: number): Promise<void>
}

/** The length in bytes above which a record is rewritten, as two lines. */
export const LONG: number = 4 * 1024

/** Milliseconds after which an empty record was left by a creator that died. */
const CREATION = 10_000

/** How many parsed records are cached. An unchanged record is not parsed again. */
const REMEMBERED = 2_000

/** A parsed record, and the text of the file that it was read from. */
interface Remembered {
  readonly text: string
  readonly record: FileRecord
}

export function fileRecords(disk: Disk): FileRecords {
  const { layout, calls } = disk
  const remembered = new Map<string, Remembered>()

  /**
   * Reads a record. Parses only the lines that were added since it was cached. To read the text and compare it
   * is cheaper than to ask the system whether the file is the same.
   */
  async function parsed(id: string, file: number): Promise<FileRecord | null> {
    const text = await calls.textOf(file)
    const before = remembered.get(id)
    if (before?.text === text) return before.record
    const last = before !== undefined && text.startsWith(before.text) ? before : null
    const from = last?.text.length ?? 0
    const record = parseRecord(text.slice(from), last?.record, from)
    remembered.delete(id)
    // A partial line may become complete.
    if (record !== null && text.endsWith('\n')) {
      remembered.set(id, { text, record })
      if (remembered.size > REMEMBERED) forgetOldest()
    }
    return record
  }

  function forgetOldest(): void {
    for (const oldest of remembered.keys()) {
      remembered.delete(oldest)
      return
    }
  }

  async function read(id: string): Promise<FileRecord | null> {
    const path = layout.record(id)
    const found = await orAbsent(() =>
      withFile(calls, path, constants.O_RDONLY, async (file) => ({
        record: await parsed(id, file),
      })),
    )
    if (found === null) return null
    const { record } = found
    if (record !== null && record.next !== null) return continued(id, record.next)
    // A data file can exist only if the record had a first line.
    if (record === null && (await calls.lengthAt(layout.data(id, null))) !== null) throw damaged()
    // On a file system that ignores case, this name may open another upload's record.
    return record?.upload.id === id ? record : null
  }

  /** Renames the file in which a record continues over the old record, if it is still there, and reads it. */
  async function continued(id: string, next: string): Promise<FileRecord | null> {
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
      // On some file systems another process can read a partial line while it is being written.
      await sleep(2)
      return read(id)
    }
  }

  async function createAs(id: string, text: string): Promise<boolean> {
    const path = layout.record(id)
    if (await createRecordFile(disk, path, text)) return true
    // A creator that died before it wrote the first line does not keep the id.
    if (!(await isBlank(id)) || (await ageOf(path)) < CREATION) return false
    await unlink(path)
    return createRecordFile(disk, path, text)
  }

  const get = (id: string): Promise<FileRecord> => recordOf({ find }, id)

  /**
   * Writes the content of a record as two lines to a new file. The last line of the old record names the new
   * file. A stale holder may write such a line, but readers ignore it.
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
      holder = record.holder,
      reverts: _reverts,
      ...attributes
    } = {
      ...record.upload,
      ...change,
    }
    const state = { offset, updatedAt, outcome, writer, data, holder }
    const text = formatFacts(attributes) + formatChange(token ?? record.token, state)
    const flush = disk.durability === 'power-loss'
    const next = randomUUID()
    await writeFile(layout.nextRecord(id, next), text, { flag: 'wx', flush })
    if (flush) await syncDirectory(layout.record(id))
    await add(id, token, { next })
    await find(id)
    // If the file still exists, its line came too late, and no process will read it.
    await rm(layout.nextRecord(id, next), { force: true })
  }

  /** Adds a line to a record, in one step. Returns the length of the record before, in bytes. */
  async function add(id: string, token: number | null, what: Change): Promise<number> {
    // After a power loss no process holds a lease or writes, so such lines need no sync.
    const flush = disk.durability === 'power-loss' && !isAboutHolders(what)
    const length = await addLine(calls, layout.record(id), formatChange(token, what), flush)
    if (length === null) throw new UploadError('not_found', 'the upload was removed')
    return length
  }

  async function change(id: string, token: number | null, what: Change): Promise<void> {
    const length = remembered.get(id)?.text.length ?? (await calls.lengthAt(layout.record(id)))
    if (length !== null && length > LONG) await rewrite(id, token, what)
    else await add(id, token, what)
    if (token === null) return
    // Read after the write: any later holder reads this line, and no later holder came before it.
    const last = (await get(id)).token
    assertHolds(token, last)
    // Another process has rewritten the record, and our line reached the old one too late.
    if (last < token) await change(id, token, what)
  }

  async function acquire(seen: FileRecord, holder: string): Promise<number | null> {
    const { id } = seen.upload
    const token = seen.token + 1
    // Without a rewrite: until the line is read back, another process may have this token.
    const length = await add(id, token, { holder })
    const last = await get(id)
    if (last.token < token) return acquire(last, holder)
    if (last.token !== token || last.holder !== holder) return null
    if (length > LONG) await rewrite(id, token, {})
    return token
  }

  async function release(id: string, token: number): Promise<void> {
    try {
      await add(id, token, { holder: null })
    } catch (error) {
      if (!isUploadError(error)) throw error
    }
  }

  return {
    find,
    change,
    acquire,
    release,

    create: (upload) => createAs(upload.id, formatFacts(upload)),

    createWith: (upload, fields) => createAs(upload.id, formatWhole(upload, fields)),

    async remove(id, token) {
      // A damaged upload can be removed as well.
      const record = await find(id).catch((error: unknown) => {
        if (!isUploadError(error)) throw error
      })
      if (record === null) return
      if (record !== undefined) assertHolds(token, record.token)
      remembered.delete(id)
      // In one step. The new name lets a later sweep find the remaining files of the upload.
      const isRemoved = await orAbsent(() => renameOrUnlink(layout.record(id), layout.removed(id)))
      if (isRemoved !== null && disk.durability === 'power-loss') {
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

/** Renames a file, or unlinks it if the disk has no room for a new name. */
async function renameOrUnlink(from: string, to: string): Promise<true> {
  try {
    await rename(from, to)
  } catch (error) {
    if (!isFull(error)) throw error
    await unlink(from)
  }
  return true
}

/** Throws `interrupted` for a stale holder: one whose token is below `last`, the newest token. */
export function assertHolds(token: number | null, last: number): void {
  if (token !== null && token < last) throw stale()
}

function stale(): UploadError {
  return new UploadError('interrupted', 'another request took this upload over')
}

function isAboutHolders(change: Change): boolean {
  return Object.keys(change).every((key) => key === 'writer' || key === 'holder')
}
