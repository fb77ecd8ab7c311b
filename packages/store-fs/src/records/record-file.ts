import { constants } from 'node:fs'
import { stat, unlink } from 'node:fs/promises'
import { BLOCK } from './record-format.ts'
import type { Calls } from '../files/file-calls.ts'
import type { Disk } from '../files/disk.ts'
import {
  isCode,
  orAbsent,
  makeUploadDirectory,
  syncContent,
  syncDirectory,
  withFile,
  writeAll,
} from '../files/disk.ts'

const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL
const ADD = constants.O_RDWR | constants.O_APPEND

/** Creates a record. Returns false if it exists already. */
export async function createRecordFile(disk: Disk, path: string, text: string): Promise<boolean> {
  try {
    await withFile(disk.calls, path, NEW, (file) => fillNew(disk, path, file, text))
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    if (!isCode(error, 'ENOENT')) throw error
    await makeUploadDirectory(disk)
    return createRecordFile(disk, path, text)
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

/** Milliseconds since the last write to a record; 0 if there is no record. */
export async function ageOf(path: string): Promise<number> {
  const file = await orAbsent(() => stat(path))
  return file === null ? 0 : Date.now() - file.mtimeMs
}

/** A line that was added to a record. */
export interface AddedLine {
  /** How many bytes the record had before. */
  readonly length: number
  /** The text as it was added. */
  readonly text: string
  /** The whole record, read after the line was written; null if it has to be opened again for that. */
  readonly whole: string | null
}

/** How a line is added. */
export interface AddOptions {
  /** True to sync the line. */
  readonly flush: boolean
  /** True to read the record back. */
  readonly readsBack: boolean
}

/** Adds a line by one call, or leaves the record as it was. Returns null when there is no record. */
export async function addLine(
  calls: Calls,
  path: string,
  line: string,
  { flush, readsBack }: AddOptions,
): Promise<AddedLine | null> {
  return orAbsent(() =>
    withFile(calls, path, ADD, async (file) => {
      const length = await calls.lengthOf(file)
      // The last line may be incomplete, so this one starts on a new line. Readers ignore empty lines.
      const text = (length % BLOCK === 0 ? '\n' : '') + line
      try {
        await writeAll(calls, file, [Buffer.from(text)], null)
        // A line that could not be synced is removed: readers must not report a change that is not on the disk.
        if (flush) await syncContent(file)
      } catch (error) {
        // Not if another process has added a line since.
        const isLast = (await calls.lengthOf(file)) <= length + text.length
        if (isLast) await calls.truncate(file, length)
        throw error
      }
      return { length, text, whole: readsBack ? calls.currentTextOf(file) : null }
    }),
  )
}
