import type { Awaitable, UploadRecord } from '@tusker/core'
import { constants } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Calls } from '../files/file-calls.ts'
import { pooled } from '../files/file-calls.ts'
import type { Disk } from '../files/disk.ts'
import { isCode, syncContent, syncDirectory, withFile } from '../files/disk.ts'
import { damaged } from '../records/record-format.ts'

/** Records may be kept elsewhere. A name from there must not lead out of the directory. */
const NAME = /^[\w-]+$/

/** The path of an upload's data file. */
export function dataPath({ layout }: Disk, { upload, data }: UploadRecord): string {
  if (data !== null && !NAME.test(data)) throw damaged()
  return layout.data(upload.id, data)
}

/** The data file of an upload, for one append. It is opened for the first write. */
export interface DataFile {
  /** Also removes the bytes that an interrupted append left behind the offset. */
  opened(): Awaitable<number>
  /** Puts the written bytes onto the disk. */
  sync(): Promise<void>
  close(): Promise<void>
}

export function dataFile(disk: Disk, record: UploadRecord): DataFile {
  const { calls } = disk
  const { offset } = record.upload
  const path = dataPath(disk, record)
  let opening: Promise<number> | null = null
  let file: number | null = null
  let isClosed = false
  let isNamed = offset > 0

  const opened = (): Awaitable<number> => {
    // The system gives the number of a closed file to the next one.
    if (isClosed) throw new Error('the append is over')
    if (file !== null) return file
    opening ??= openAt(calls, path, offset).then((number) => (file = number))
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
  const file = await openExisting(calls, path, constants.O_WRONLY)
  try {
    const length = await calls.lengthOf(file)
    if (length < offset) throw damaged()
    if (length > offset) await calls.truncate(file, offset)
    return file
  } catch (error) {
    await calls.close(file)
    throw error
  }
}

async function openNew(calls: Calls, path: string): Promise<number> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC
  try {
    return await calls.open(path, flags)
  } catch (error) {
    // If records are kept elsewhere, this is the first file of the directory.
    if (!isCode(error, 'ENOENT')) throw error
    await mkdir(dirname(path), { recursive: true })
    return calls.open(path, flags)
  }
}

/**
 * Opens the data file of an upload that has bytes.
 *
 * @throws UploadError `damaged` when the file is missing
 */
export async function openExisting(calls: Calls, path: string, flags: number): Promise<number> {
  try {
    return await calls.open(path, flags)
  } catch (error) {
    throw isCode(error, 'ENOENT') ? damaged() : error
  }
}

/** Throws `damaged` for an upload whose data file holds fewer bytes than its record says. */
export async function assertHeld(disk: Disk, record: UploadRecord): Promise<void> {
  const { offset } = record.upload
  if (offset === 0) return
  const length = await disk.calls.lengthAt(dataPath(disk, record))
  if (length === null || length < offset) throw damaged()
}

/** Removes the data file of an upload, if it is there. */
export async function removeBytes(disk: Disk, record: UploadRecord): Promise<void> {
  const path = dataPath(disk, record)
  if ((await disk.calls.lengthAt(path)) !== null) await rm(path, { force: true })
}

/** Removes uncommitted bytes from the end of the data file. An upload without bytes gets an empty file. */
export async function trim(disk: Disk, record: UploadRecord): Promise<void> {
  const { calls } = disk
  const path = dataPath(disk, record)
  const length = record.upload.offset
  const actual = await calls.lengthAt(path)
  if (actual === length) return
  if (actual !== null ? actual < length : length > 0) throw damaged()
  await withFile(calls, path, constants.O_WRONLY | constants.O_CREAT, (file) =>
    calls.truncate(file, length),
  )
}

/** Bytes that one call reads, and the size of a range up to which the calls for short work read it. */
const PIECE = 256 * 1024
const SHORT = 64 * 1024

/** A range of the bytes of an upload. It can be read once. */
export interface OpenRange {
  read(): AsyncGenerator<Uint8Array>
}

/** Opens the bytes from `start` up to `end`, without the byte at `end`. */
export async function openRange(
  disk: Disk,
  record: UploadRecord,
  start: number,
  end: number,
): Promise<OpenRange> {
  const calls = end - start > SHORT ? pooled : disk.calls
  const file = await openExisting(calls, dataPath(disk, record), constants.O_RDONLY)
  return {
    async *read() {
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
    },
  }
}
