import { open, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { BlobSource } from './content-tree.ts'
import { isMissing, isTaken } from './fs-errors.ts'

/** What has to survive: the death of the process, or that of the whole machine as well. */
export type Durability = 'process-crash' | 'power-loss'

/** Writing in ways that a crash cannot tear. */
export interface Disk {
  write(path: string, text: string): Promise<void>
  /** Puts all bytes of a source into a new file. */
  place(source: BlobSource, path: string): Promise<void>
  /** Moves a directory to where nothing is yet. */
  move(from: string, to: string): Promise<'moved' | 'taken' | 'missing'>
}

/** Writes so that what was written survives as much as `durability` says. */
export function disk(durability: Durability): Disk {
  async function sync(path: string): Promise<void> {
    if (durability === 'process-crash') return
    // Windows knows no syncing of directories, and needs none.
    const file = await open(path, 'r').catch(() => null)
    try {
      await file?.sync()
    } finally {
      await file?.close()
    }
  }

  return {
    async write(path, text) {
      await writeFile(path, text)
      await sync(path)
    },
    async place(source, path) {
      if (!(await linked(source, path))) await copy(source, path)
      await sync(path)
    },
    async move(from, to) {
      await sync(from)
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
  }
}

/** Takes the file over instead of copying it, where the source is one on the same file system. */
async function linked(source: BlobSource, path: string): Promise<boolean> {
  try {
    await source.exportTo?.(path)
    if ((await stat(path)).size === source.length) return true
  } catch {
    // Across file systems, or without such an ability: copying is always possible.
  }
  await rm(path, { force: true })
  return false
}

async function copy(source: BlobSource, path: string): Promise<void> {
  await writeFile(path, source.read(), { flag: 'wx' })
  const { size } = await stat(path)
  if (size !== source.length) {
    throw new Error(`a blob of ${source.length} bytes was expected, the source gave ${size}`)
  }
}
