import type { NewUpload } from '@tusker/core'
import { isUploadError, UploadError } from '@tusker/core'
import { constants } from 'node:fs'
import { mkdir, stat, unlink, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Disk } from './disk.ts'
import {
  isCode,
  orAbsent,
  replace,
  syncContent,
  syncDirectory,
  withFile,
  writeAll,
} from './disk.ts'
import type { Change, UploadRecord } from './record.ts'
import { BLOCK, damaged, formatChange, formatFacts, parseRecord } from './record.ts'

/** The records of a directory. The offset of an upload is what its record says, and nothing else. */
export interface Records {
  /** False when there is one already. */
  create(upload: NewUpload): Promise<boolean>
  /** Throws `UploadError` `damaged` when it cannot be trusted. */
  find(id: string): Promise<UploadRecord | null>
  /** Throws when there is none. */
  get(id: string): Promise<UploadRecord>
  /** Changes a record, in one step, for the holder of a lease. Throws when that one was overtaken. */
  change(id: string, token: number | null, change: Change): Promise<void>
}

/** Bytes after which a record is written anew, in two lines. */
const LONG = 16 * 1024

/** Milliseconds within which whoever is creating an upload has written its first line. */
const CREATION = 10_000

const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL
const ADD = constants.O_WRONLY | constants.O_APPEND

export function fileRecords(disk: Disk): Records {
  const { layout, calls } = disk

  async function read(id: string): Promise<UploadRecord | null> {
    const text = await orAbsent(() => calls.text(layout.record(id)))
    if (text === null) return null
    const record = parseRecord(text)
    // There can be bytes only where a first line was.
    if (record === null && (await calls.lengthAt(layout.data(id))) !== null) throw damaged()
    // On a file system that ignores case, another upload's record answers to this name.
    return record?.upload.id === id ? record : null
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

  async function find(id: string): Promise<UploadRecord | null> {
    try {
      return await read(id)
    } catch (error) {
      if (!isUploadError(error)) throw error
      // Some file systems show another process half of a line while it is being written.
      await sleep(2)
      return read(id)
    }
  }

  async function get(id: string): Promise<UploadRecord> {
    const record = await find(id)
    if (record === null) throw new UploadError('not_found', 'there is no such upload')
    return record
  }

  async function rewrite(id: string, token: number | null, change: Change): Promise<void> {
    const record = await get(id)
    assertHolds(token, record.token)
    const { offset, touchedAt, outcome, ...facts } = { ...record.upload, ...change }
    const state = { offset, touchedAt, outcome }
    const text = formatFacts(facts) + formatChange(token ?? record.token, state)
    const flush = disk.durability === 'power-loss'
    await replace(layout.record(id), (path) => writeFile(path, text, { flag: 'wx', flush }))
    if (flush) await syncDirectory(layout.record(id))
  }

  return {
    find,
    get,

    async create(upload) {
      const path = layout.record(upload.id)
      const text = formatFacts(upload)
      if (await createFile(disk, path, text)) return true
      // A creator that died before it wrote the first line does not keep the id.
      if (!(await isBlank(upload.id)) || (await ageOf(path)) < CREATION) return false
      await unlink(path)
      return createFile(disk, path, text)
    },

    async change(id, token, change) {
      const path = layout.record(id)
      const length = await calls.lengthAt(path)
      if (length === null) throw new UploadError('not_found', 'the upload was removed')
      if (length > LONG) return rewrite(id, token, change)

      // Where the last line may be a cut one, this one starts anew. Empty lines mean nothing.
      const text = (length % BLOCK === 0 ? '\n' : '') + formatChange(token, change)
      await addLine(disk, path, text, length)
      // Asked afterwards: from now on a later holder reads this line, and was not there before.
      if (token !== null) assertHolds(token, (await get(id)).token)
    },
  }
}

/** Refuses whoever was overtaken, by the token of a later holder. */
export function assertHolds(token: number | null, last: number): void {
  if (token === null || token >= last) return
  throw new UploadError('interrupted', 'another request took this upload over')
}

async function createFile(disk: Disk, path: string, text: string): Promise<boolean> {
  try {
    await withFile(disk.calls, path, NEW, (file) => fillNew(disk, path, file, text))
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    if (!isCode(error, 'ENOENT')) throw error
    await mkdir(disk.layout.directory, { recursive: true })
    return createFile(disk, path, text)
  }
}

async function fillNew(disk: Disk, path: string, file: number, text: string): Promise<void> {
  try {
    await writeAll(disk.calls, file, [Buffer.from(text)], null)
    if (disk.durability === 'process-crash') return
    await syncContent(file)
    await syncDirectory(path)
  } catch (error) {
    await unlink(path)
    throw error
  }
}

/** Milliseconds since a record was written to. */
async function ageOf(path: string): Promise<number> {
  const file = await orAbsent(() => stat(path))
  return file === null ? 0 : Date.now() - file.mtimeMs
}

async function addLine(disk: Disk, path: string, text: string, length: number): Promise<void> {
  const { calls } = disk
  await withFile(calls, path, ADD, async (file) => {
    try {
      await writeAll(calls, file, [Buffer.from(text)], null)
    } catch (error) {
      await calls.truncate(file, length)
      throw error
    }
    if (disk.durability === 'power-loss') await syncContent(file)
  })
}
