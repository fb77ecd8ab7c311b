import type { FileHandle } from 'node:fs/promises'
import { open, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * What acknowledged bytes survive: the death of any process, or also the loss of power. For the latter
 * everything is on the disk before it counts, which costs two waits for the disk with each commit.
 */
export type Durability = 'process-crash' | 'power-loss'

let written = 0

/** Writes a file under a name of its own beside `path`, and returns that name. */
export async function writeBeside(
  path: string,
  content: string,
  durability: Durability,
): Promise<string> {
  written += 1
  const temporary = `${path}.${process.pid}-${written}-${Date.now()}${TEMPORARY}`
  const file = await open(temporary, 'wx')
  try {
    await file.writeFile(content)
    if (durability === 'power-loss') await file.sync()
  } catch (error) {
    await unlink(temporary)
    throw error
  } finally {
    await file.close()
  }
  return temporary
}

/** Ends the names of files that a crash may leave behind and that mean nothing. */
export const TEMPORARY = '.tmp'

/** Replaces a file: a crash leaves the old one or the new one, never half of one. */
export async function replaceFile(
  path: string,
  content: string,
  durability: Durability,
): Promise<void> {
  const temporary = await writeBeside(path, content, durability)
  await rename(temporary, path)
  if (durability === 'power-loss') await syncDirectory(path)
}

/** Puts the names in a file's directory onto the disk. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(dirname(path), 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

/** Opens a file, uses it, and closes it however that ends. */
export async function withFile<Result>(
  path: string,
  flags: string | number,
  use: (file: FileHandle) => Promise<Result>,
): Promise<Result> {
  const file = await open(path, flags)
  try {
    return await use(file)
  } finally {
    await file.close()
  }
}

/** True for an error of the file system with one of these codes. */
export function isCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}

/** Turns the absence of a file into null. */
export async function orAbsent<Result>(work: Promise<Result>): Promise<Result | null> {
  try {
    return await work
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null
    throw error
  }
}
