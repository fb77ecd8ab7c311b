import type { UploadInfo } from '@tusker/core'
import { constants } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Calls } from './calls.ts'
import { pooled } from './calls.ts'
import type { Disk } from './disk.ts'
import { isCode, syncContent, syncDirectory, withFile } from './disk.ts'
import { damaged } from './record.ts'

/** The bytes of an upload, for one append: opened when the first of them are written. */
export interface DataFile {
  opened(): Promise<number>
  /** Puts what was written onto the disk. */
  sync(): Promise<void>
  close(): Promise<void>
}

/** @param offset how many bytes there are already, in bytes */
export function dataFile({ calls, layout }: Disk, id: string, offset: number): DataFile {
  const path = layout.data(id)
  let opening: Promise<number> | null = null
  let isClosed = false
  let isNamed = offset > 0

  const opened = (): Promise<number> => {
    // The system gives the number of a closed file to the next one.
    if (isClosed) return Promise.reject(new Error('the append is over'))
    opening ??= openAt(calls, path, offset)
    return opening
  }

  return {
    opened,
    async sync() {
      await syncContent(await opened())
      if (!isNamed) await syncDirectory(path)
      isNamed = true
    },
    async close() {
      isClosed = true
      if (opening !== null) await opening.then(calls.close, () => {})
    },
  }
}

async function openAt(calls: Calls, path: string, offset: number): Promise<number> {
  if (offset === 0) return openNew(calls, path)
  const file = await openExisting(calls, path)
  if ((await calls.lengthOf(file)) >= offset) return file
  await calls.close(file)
  throw damaged()
}

async function openNew(calls: Calls, path: string): Promise<number> {
  const flags = constants.O_WRONLY | constants.O_CREAT
  try {
    return await calls.open(path, flags)
  } catch (error) {
    // Where records are kept elsewhere, this is the first file of the directory.
    if (!isCode(error, 'ENOENT')) throw error
    await mkdir(dirname(path), { recursive: true })
    return calls.open(path, flags)
  }
}

async function openExisting(calls: Calls, path: string): Promise<number> {
  try {
    return await calls.open(path, constants.O_WRONLY)
  } catch (error) {
    throw isCode(error, 'ENOENT') ? damaged() : error
  }
}

/** Refuses an upload whose file lacks bytes that its record counts. */
export async function assertHeld({ layout, calls }: Disk, record: UploadInfo): Promise<void> {
  if (record.offset === 0) return
  const length = await calls.lengthAt(layout.data(record.id))
  if (length === null || length < record.offset) throw damaged()
}

/** Makes a file end where the upload does. What lies behind does not count, and nothing is an empty file. */
export async function trim({ calls, layout }: Disk, id: string, length: number): Promise<void> {
  const path = layout.data(id)
  const actual = await calls.lengthAt(path)
  if (actual === length) return
  if (actual !== null ? actual < length : length > 0) throw damaged()
  await withFile(calls, path, constants.O_WRONLY | constants.O_CREAT, (file) =>
    calls.truncate(file, length),
  )
}

/** Bytes read at a time; up to so many are read by the calls for short work. */
const PIECE = 256 * 1024
const SHORT = 64 * 1024

/** Reads the bytes of an upload from `start` up to, not including, `end`. */
export async function* readRange(
  disk: Disk,
  id: string,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  const calls = end - start > SHORT ? pooled : disk.calls
  const file = await calls.open(disk.layout.data(id), constants.O_RDONLY)
  try {
    for (let at = start; at < end; ) {
      const piece = Buffer.allocUnsafe(Math.min(PIECE, end - at))
      const count = await calls.read(file, piece, at)
      if (count === 0) throw damaged()
      at += count
      yield piece.subarray(0, count)
    }
  } finally {
    await calls.close(file)
  }
}
