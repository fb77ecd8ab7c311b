import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { eachEntry } from './each-entry.ts'
import { isMissing, orNull } from './fs-errors.ts'
import { removeDeep } from './remove-deep.ts'
import type { Disk } from './sync-files.ts'

/** Temporary directories: objects are prepared here before they appear, and removed here. */
export interface Staging {
  /** Runs `task` with a new temporary directory, and removes what is left of it. */
  with<Result>(task: (temporary: string) => Promise<Result>): Promise<Result>
  /** Moves a directory out of the tree in one step and removes it. False when it was not there. */
  discard(directory: string): Promise<boolean>
  /** Removes entries that have not changed for `age` milliseconds. */
  removeOld(age: number): Promise<void>
}

/** Keeps temporary directories in `directory`, which must be on the tree's file system. */
export function staging(directory: string, { syncNames }: Pick<Disk, 'syncNames'>): Staging {
  const remove = (path: string): Promise<void> => removeDeep(path, directory)

  return {
    async with(task) {
      const temporary = join(directory, randomUUID())
      // Also makes the directory around it, which an operator may have removed.
      await mkdir(temporary, { recursive: true })
      try {
        return await task(temporary)
      } finally {
        await remove(temporary)
      }
    },
    async discard(path) {
      const tombstone = join(directory, randomUUID())
      await mkdir(directory, { recursive: true })
      try {
        await rename(path, tombstone)
      } catch (error) {
        if (isMissing(error)) return false
        throw error
      }
      await syncNames(dirname(path))
      await remove(tombstone)
      return true
    },
    async removeOld(age) {
      await eachEntry(directory, async (path) => {
        if ((await lastChange(path)) + age < Date.now()) await remove(path)
      })
    },
  }
}

/** The latest time within the directory: while a blob is copied, only the blob itself changes. */
async function lastChange(path: string): Promise<number> {
  const found = await orNull(stat(path))
  if (found === null) return 0
  const own = Math.max(found.mtimeMs, found.ctimeMs)
  if (!found.isDirectory()) return own
  const inside = (await orNull(readdir(path))) ?? []
  const times = await Promise.all(inside.map((name) => lastChange(join(path, name))))
  return Math.max(own, ...times)
}
