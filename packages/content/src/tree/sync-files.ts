import { open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { BlobSource } from './content-tree.ts'
import { hasCode, isMissing, isTaken } from './fs-errors.ts'

/** What a change must survive: the death of the process, or also that of the whole machine. */
export type Durability = 'process-crash' | 'power-loss'

/** File operations that a crash cannot tear. */
export interface Disk {
  /** Writes a file, and makes its name durable too. */
  write(path: string, text: string): Promise<void>
  /** Puts all bytes of a source into a new file. */
  place(source: BlobSource, path: string): Promise<void>
  /** Moves a directory, with all it holds, to a path where nothing is yet. */
  move(from: string, to: string): Promise<'moved' | 'taken' | 'missing'>
  /** Makes the names in a directory durable. */
  syncNames(directory: string): Promise<void>
}

/** File operations whose results survive what `durability` says. */
export function disk(durability: Durability): Disk {
  const sync = durability === 'power-loss' ? syncToDisk : () => Promise.resolve()
  const syncDirectories = durability === 'power-loss' ? syncAllDirectories : sync

  return {
    async write(path, text) {
      await writeFile(path, text)
      await sync(path)
      await sync(dirname(path))
    },
    async place(source, path) {
      if (!(await exported(source, path))) await copy(source, path)
      await sync(path)
    },
    async move(from, to) {
      await syncDirectories(from)
      try {
        await rename(from, to)
      } catch (error) {
        if (isTaken(error)) return 'taken'
        if (isMissing(error)) return 'missing'
        throw error
      }
      await sync(dirname(to))
      return 'moved'
    },
    syncNames: sync,
  }
}

/** A directory that gained a name needs a sync of its own, besides that of the file. */
async function syncAllDirectories(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) await syncAllDirectories(join(directory, entry.name))
  }
  await syncToDisk(directory)
}

/** Throws when the sync did not happen: an acknowledgement must not follow then. */
async function syncToDisk(path: string): Promise<void> {
  const file = await open(path, 'r').catch((error: unknown) => {
    // Windows cannot open directories, and needs no sync of them.
    if (process.platform === 'win32' && hasCode(error, ['EISDIR', 'EPERM', 'EACCES'])) return null
    throw error
  })
  try {
    await file?.sync()
  } finally {
    await file?.close()
  }
}

/** Takes over the source's file without a copy, where it is on the same file system. */
async function exported(source: BlobSource, path: string): Promise<boolean> {
  try {
    await source.exportTo?.(path)
    if ((await stat(path)).size === source.length) return true
  } catch {
    // The source is on another file system, or cannot export. A copy is always possible.
  }
  await rm(path, { force: true })
  return false
}

async function copy(source: BlobSource, path: string): Promise<void> {
  await writeFile(path, source.read(), { flag: 'wx' })
  const { size } = await stat(path)
  if (size !== source.length) {
    throw new Error(`expected a blob of ${source.length} bytes, but the source gave ${size}`)
  }
}
