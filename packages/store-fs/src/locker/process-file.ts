import { constants } from 'node:fs'
import { mkdir, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { isCode, orAbsent, writeAll } from '../files/disk.ts'
import type { Calls } from '../files/file-calls.ts'

/** What a caller asks of the holder of a lease. */
export type Ask = 'yield' | 'stop'

/** The content of a process file. */
export interface ProcessState {
  /** The locker instance, by its name in records. */
  readonly holder: string
  /** Grows with each sign of life. */
  readonly beat: number
  /** The requests of this process to lease holders, by upload id. */
  readonly asks: Readonly<Record<string, Ask>>
}

/** Bytes that are allocated at creation, so that yield requests need no free space later. */
const ALLOTTED = 4_096

/** The file by which a process shows other processes that it lives, and what it asks of them. */
export interface ProcessFile {
  /** Writes the state in place. Do not call it again before it has resolved. */
  write(state: ProcessState): Promise<void>
  /** Closes the file, and removes it. */
  remove(): Promise<void>
}

const NEW = constants.O_RDWR | constants.O_CREAT

export async function createProcessFile(
  calls: Calls,
  directory: string,
  name: string,
): Promise<ProcessFile> {
  await makeDirectoryHere(directory)
  const path = join(directory, name)
  let file: number | null = await calls.open(path, NEW)
  let length = ALLOTTED

  async function close(): Promise<void> {
    const old = file
    // Cleared first: the system reuses the number of a closed file.
    file = null
    if (old !== null) await calls.close(old)
  }

  return {
    async write(state) {
      // Another process removes the file of one that was stopped for an hour.
      if (file === null || (await calls.lengthAt(path)) === null) {
        await close()
        await makeDirectoryHere(directory)
        file = await calls.open(path, NEW)
      }
      const text = `${JSON.stringify(state)}\n`
      // Spaces overwrite the rest of a longer state.
      length = Math.max(length, text.length)
      await writeAll(calls, file, [Buffer.from(text.padEnd(length))], 0)
    },
    async remove() {
      await close()
      await unlink(path).catch(() => {})
    },
  }
}

/** Not `recursive`: Node would report a full disk as a missing directory. */
async function makeDirectoryHere(path: string): Promise<void> {
  try {
    await mkdir(path)
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
  }
}

/** Reads the file of another process. Null when there is none, or while it is being written. */
export async function readProcessFile(
  calls: Calls,
  path: string,
): Promise<{ readonly text: string; readonly state: ProcessState | null } | null> {
  const text = await orAbsent(() => calls.text(path))
  if (text === null) return null
  try {
    return { text, state: JSON.parse(text) as ProcessState }
  } catch {
    return { text, state: null }
  }
}

/** Milliseconds since a file was written, by the clocks of this machine and of the file system. */
export async function silenceOf(path: string): Promise<number> {
  const file = await orAbsent(() => stat(path))
  return file === null ? Infinity : Date.now() - file.mtimeMs
}
