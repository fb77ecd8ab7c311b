import type { Awaitable } from '@tusker/core'
import { systemCodeOf } from '@tusker/core'
import { fdatasync, fsync } from 'node:fs'
import { mkdir, open, opendir, rename, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Calls } from './file-calls.ts'
import type { Layout } from './paths.ts'

/**
 * The accidents that acknowledged bytes survive. `process-crash`: the death of any process. `power-loss`:
 * also the loss of power. Then each commit waits twice for the disk.
 */
export type Durability = 'process-crash' | 'power-loss'

/** A directory of uploads, and the calls that work on it. */
export interface Disk {
  readonly layout: Layout
  readonly calls: Calls
  readonly durability: Durability
}

/** The suffix of temporary files. A crash may leave them behind, and no reader uses them. */
export const TEMPORARY = '.tmp'

let given = 0

/** A path in the directory of `path` that no other call and no other process uses. */
export function temporaryBeside(path: string): string {
  given += 1
  return join(dirname(path), `.tusker~${process.pid}-${given}-${Date.now()}${TEMPORARY}`)
}

/**
 * Creates a file, or replaces it, in one step: `make` creates it under a temporary name, and a rename
 * puts it in place. A crash leaves either the old file or the new one.
 */
export async function replace(
  path: string,
  make: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = temporaryBeside(path)
  try {
    await make(temporary)
    await rename(temporary, path)
  } catch (error) {
    await unlink(temporary).catch(() => {})
    throw error
  }
}

/** The names of all files of a directory of uploads; none when the directory does not exist. */
export async function* namesIn({ layout }: Disk): AsyncGenerator<string> {
  const names = await orAbsent(() => opendir(layout.directory, { bufferSize: 256 }))
  if (names === null) return
  for await (const { name } of names) yield name
}

/** Puts the content of an open file onto the disk, and its length. */
export const syncContent: (file: number) => Promise<void> = promisify(fdatasync)

/** Puts an open file onto the disk. */
export const syncFile: (file: number) => Promise<void> = promisify(fsync)

/** Puts the names in a file's directory onto the disk. */
export async function syncDirectory(path: string): Promise<void> {
  // Windows cannot sync a directory, and does not need it.
  if (process.platform === 'win32') return
  const directory = await open(dirname(path), 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

/** Opens a file, uses it, and closes it, also after an error. */
export async function withFile<Result>(
  calls: Calls,
  path: string,
  flags: number,
  use: (file: number) => Awaitable<Result>,
): Promise<Result> {
  const file = await calls.open(path, flags)
  try {
    return await use(file)
  } finally {
    await calls.close(file)
  }
}

/** Writes all of these bytes at `position`, or at the end of the file if that is null. */
export async function writeAll(
  calls: Calls,
  file: number,
  chunks: readonly Uint8Array[],
  position: number | null,
  onWritten?: (count: number) => void,
): Promise<void> {
  let left = chunks
  let at = position
  let length = 0
  for (const chunk of chunks) length += chunk.byteLength
  while (length > 0) {
    // When the disk becomes full or a limit is reached, one call writes a part and the next call fails.
    const count = await calls.write(file, left, at)
    onWritten?.(count)
    if (at !== null) at += count
    length -= count
    if (length > 0) left = without(left, count)
    if (count === 0) throw new Error('the disk takes no more bytes')
  }
}

function without(chunks: readonly Uint8Array[], written: number): readonly Uint8Array[] {
  let skip = written
  return chunks.flatMap((chunk) => {
    const gone = Math.min(skip, chunk.byteLength)
    skip -= gone
    return gone === chunk.byteLength ? [] : [chunk.subarray(gone)]
  })
}

/** True for an error of the file system with one of these codes. */
export function isCode(error: unknown, ...codes: string[]): boolean {
  return codes.includes(systemCodeOf(error) ?? '')
}

/** True for the errors of a full disk: no free block, no free inode, or no quota. */
export function isFull(error: unknown): boolean {
  return isCode(error, 'ENOSPC', 'EDQUOT')
}

/** Creates the directory of uploads if it is missing. With `power-loss`, syncs its name as well. */
export async function makeUploadDirectory({ layout, durability }: Disk): Promise<void> {
  const first = await mkdir(layout.directory, { recursive: true })
  if (first === undefined || durability === 'process-crash') return
  // Each new directory has a new name in its parent.
  for (let path = layout.directory; path.length >= first.length; path = dirname(path)) {
    await syncDirectory(path)
  }
}

/** Returns null instead of the error that a file does not exist. */
export async function orAbsent<Result>(work: () => Awaitable<Result>): Promise<Result | null> {
  try {
    return await work()
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null
    throw error
  }
}
