import { constants } from 'node:fs'
import { mkdir, stat, unlink } from 'node:fs/promises'
import type { Calls } from '../files/file-calls.ts'
import type { Disk } from '../files/disk.ts'
import { isCode, orAbsent, syncContent, syncDirectory, withFile, writeAll } from '../files/disk.ts'

const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL
const ADD = constants.O_WRONLY | constants.O_APPEND

/** Makes a record. False when there is one already. */
export async function createRecordFile(disk: Disk, path: string, text: string): Promise<boolean> {
  try {
    await withFile(disk.calls, path, NEW, (file) => fillNew(disk, path, file, text))
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    if (!isCode(error, 'ENOENT')) throw error
    await mkdir(disk.layout.directory, { recursive: true })
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

/** Milliseconds since a record was written to; 0 when there is none. */
export async function ageOf(path: string): Promise<number> {
  const file = await orAbsent(() => stat(path))
  return file === null ? 0 : Date.now() - file.mtimeMs
}

/** A line to add, and what to know of the record before it. */
export interface NewLine {
  readonly text: string
  /** Bytes of the record before it. */
  readonly length: number
  readonly flush: boolean
}

/** Adds a line by one call, or leaves the record as it was. */
export async function addLine(calls: Calls, path: string, line: NewLine): Promise<void> {
  const { text, length, flush } = line
  await withFile(calls, path, ADD, async (file) => {
    try {
      await writeAll(calls, file, [Buffer.from(text)], null)
    } catch (error) {
      // Unless somebody else has written a line since.
      if ((await calls.lengthOf(file)) < length + text.length) await calls.truncate(file, length)
      throw error
    }
    if (flush) await syncContent(file)
  })
}
