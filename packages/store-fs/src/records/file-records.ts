import type { UploadRecords } from '@tusker/core'
import { isUploadError, UploadError } from '@tusker/core'
import { randomUUID } from 'node:crypto'
import { rename, rm, unlink, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Disk } from '../files/disk.ts'
import { isFull, namesIn, orAbsent, syncDirectory } from '../files/disk.ts'
import type { Change, FileRecord } from './record-format.ts'
import type { AddedLine } from './record-file.ts'
import { addLine, ageOf, createRecordFile } from './record-file.ts'
import { recordCache } from './record-cache.ts'
import { assertHolds, recordOf } from './record-of.ts'
import { damaged, formatChange, formatFacts, formatWhole, parseRecord } from './record-format.ts'

/** The records of a directory. They hold the offset, the outcome and the lease of each upload. */
export interface FileRecords extends UploadRecords {
  find(id: string): Promise<FileRecord | null>
  /**
   * The record as this process read or wrote it in this turn of the event loop, else as it is now. For a caller
   * that does not rely on it: another process may have changed it meanwhile.
   */
  findRecent(id: string): Promise<FileRecord | null>
  /**
   * The record of an upload for the holder of its lease. It is read once for each lease, and after that it changes
   * only by `change` with this token. If this process does not hold such a lease, it is the same as `find`.
   */
  findUnder(id: string, token: number | null): Promise<FileRecord | null>
  /** Runs a task under a lease that is kept in memory, so that `findUnder` with the token null works. */
  hold<Result>(id: string, task: () => Promise<Result>): Promise<Result>
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

/** A record under a lease of this process. */
interface Held {
  readonly token: number | null
  /** Null until it is read, and while it is being changed. */
  record: FileRecord | null
}

export function fileRecords(disk: Disk): FileRecords {
  const { layout, calls } = disk
  const cache = recordCache()
  const held = new Map<string, Held>()

  async function read(id: string): Promise<FileRecord | null> {
    const text = await orAbsent(() => calls.text(layout.record(id)))
    return text === null ? null : asRead(id, text)
  }

  /** The record that a text holds. */
  async function asRead(id: string, text: string): Promise<FileRecord | null> {
    const record = cache.parse(id, text)
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
    let isCreated = await createRecordFile(disk, path, text)
    // A creator that died before it wrote the first line does not keep the id.
    if (!isCreated && (await isBlank(id)) && (await ageOf(path)) >= CREATION) {
      await unlink(path)
      isCreated = await createRecordFile(disk, path, text)
    }
    return isCreated
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
    await add(id, token, { next }, false)
    await find(id)
    // If the file still exists, its line came too late, and no process will read it.
    await rm(layout.nextRecord(id, next), { force: true })
  }

  /** Adds a line to a record, in one step. */
  async function add(
    id: string,
    token: number | null,
    what: Change,
    readsBack: boolean,
  ): Promise<AddedLine> {
    // After a power loss no process holds a lease or writes, so such lines need no sync.
    const flush = disk.durability === 'power-loss' && !isAboutHolders(what)
    const line = formatChange(token, what)
    const added = await addLine(calls, layout.record(id), line, { flush, readsBack })
    if (added === null) throw new UploadError('not_found', 'the upload was removed')
    return added
  }

  /** The record as it is after this line. Any later holder reads the line, and no later holder came before it. */
  async function readBack(id: string, { whole }: AddedLine): Promise<FileRecord> {
    const record = whole === null ? null : await asRead(id, whole).catch(() => null)
    return record ?? get(id)
  }

  async function change(id: string, token: number | null, given: Change): Promise<void> {
    const mine = heldUnder(id, token)
    const holder = mine?.record?.holder ?? null
    // Nothing is changed after the outcome, so its line releases the lease as well.
    const isEnd = holder !== null && given.outcome !== undefined
    const what = isEnd ? { ...given, holder: null } : given
    if (mine !== null) mine.record = null
    const length = cache.lengthOf(id) ?? (await calls.lengthAt(layout.record(id)))
    const isLong = length !== null && length > LONG
    const added = isLong ? null : await add(id, token, what, token !== null)
    if (added === null) await rewrite(id, token, what)
    if (token === null) {
      if (mine !== null && added !== null) mine.record = cache.extend(id, added.length, added.text)
      return
    }
    const last = await (added === null ? get(id) : readBack(id, added))
    assertHolds(token, last.token)
    // Another process has rewritten the record, and our line reached the old one too late.
    if (last.token < token) return change(id, token, given)
    if (mine !== null) mine.record = last
  }

  /** The record under a lease of this process; null if no lease with this token is held. */
  function heldUnder(id: string, token: number | null): Held | null {
    const mine = held.get(id)
    return mine !== undefined && mine.token === token ? mine : null
  }

  async function acquire(seen: FileRecord, holder: string): Promise<number | null> {
    const { id } = seen.upload
    const token = seen.token + 1
    // Without a rewrite: until the line is read back, another process may have this token.
    const added = await add(id, token, { holder }, true)
    const last = await readBack(id, added)
    if (last.token < token) return acquire(last, holder)
    if (last.token !== token || last.holder !== holder) return null
    const isLong = added.length > LONG
    if (isLong) await rewrite(id, token, {})
    held.set(id, { token, record: isLong ? null : last })
    return token
  }

  async function release(id: string, token: number): Promise<void> {
    const mine = heldUnder(id, token)
    held.delete(id)
    const isReleased = mine !== null && mine.record !== null && mine.record.holder === null
    if (isReleased) return
    try {
      await add(id, token, { holder: null }, false)
    } catch (error) {
      if (!isUploadError(error)) throw error
    }
  }

  return {
    find,
    findRecent: async (id) => cache.recent(id) ?? find(id),
    change,
    async findUnder(id, token) {
      const mine = heldUnder(id, token)
      if (mine === null) return find(id)
      return (mine.record ??= await find(id))
    },
    async hold(id, task) {
      held.set(id, { token: null, record: cache.recent(id) })
      try {
        return await task()
      } finally {
        held.delete(id)
      }
    },
    acquire,
    release,

    async create(upload) {
      const text = formatFacts(upload)
      const isCreated = await createAs(upload.id, text)
      // Most uploads get their first bytes soon.
      if (isCreated) cache.parse(upload.id, text)
      return isCreated
    },

    createWith: (upload, fields) => createAs(upload.id, formatWhole(upload, fields)),

    async remove(id, token) {
      // A damaged upload can be removed as well.
      const record = await find(id).catch((error: unknown) => {
        if (!isUploadError(error)) throw error
      })
      if (record === null) return
      if (record !== undefined) assertHolds(token, record.token)
      cache.drop(id)
      const mine = heldUnder(id, token)
      if (mine !== null) mine.record = null
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

function isAboutHolders(change: Change): boolean {
  return Object.keys(change).every((key) => key === 'writer' || key === 'holder')
}
