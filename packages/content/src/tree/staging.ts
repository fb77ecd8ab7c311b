import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isMissing, orNull } from './fs-errors.ts'

/** Where objects are prepared before they appear, and where they go before they disappear. */
export interface Staging {
  /** Runs `task` with a new directory, and removes what is left of it. */
  with<Result>(task: (stage: string) => Promise<Result>): Promise<Result>
  /** Takes a directory out of sight in one step and removes it. False when it was not there. */
  discard(directory: string): Promise<boolean>
  /** Removes what nobody has touched for `age` milliseconds. */
  removeOld(age: number): Promise<void>
}

/** Stages in `directory`, which is on the same file system as the tree. */
export function staging(directory: string): Staging {
  const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true })

  return {
    async with(task) {
      const stage = join(directory, randomUUID())
      await mkdir(stage)
      try {
        return await task(stage)
      } finally {
        await remove(stage)
      }
    },
    async discard(path) {
      const grave = join(directory, randomUUID())
      try {
        await rename(path, grave)
      } catch (error) {
        if (isMissing(error)) return false
        throw error
      }
      await remove(grave)
      return true
    },
    async removeOld(age) {
      for (const name of await readdir(directory)) {
        const path = join(directory, name)
        if ((await lastTouched(path)) + age < Date.now()) await remove(path)
      }
    },
  }
}

/** A blob that is being copied for hours touches itself, not the directory around it. */
async function lastTouched(path: string): Promise<number> {
  const found = await orNull(stat(path))
  if (found === null) return 0
  const own = Math.max(found.mtimeMs, found.ctimeMs)
  if (!found.isDirectory()) return own
  const inside = (await orNull(readdir(path))) ?? []
  const times = await Promise.all(inside.map((name) => lastTouched(join(path, name))))
  return Math.max(own, ...times)
}
