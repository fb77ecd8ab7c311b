import { randomUUID } from 'node:crypto'
import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { hasCode, orNull } from './fs-errors.ts'
import { childrenOf } from './object-directory.ts'

/**
 * Removes an object's directory with all it holds. Where paths below it are too long for the system,
 * its children move up into `temporary` first and are removed there.
 */
export async function removeDeep(path: string, temporary: string): Promise<void> {
  const pending = [path]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    try {
      await rm(next, { recursive: true, force: true })
    } catch (error) {
      if (!hasCode(error, ['ENAMETOOLONG'])) throw error
      const moved = await moveChildrenUp(next, temporary)
      if (moved.length === 0) throw error
      pending.push(next, ...moved)
    }
  }
}

async function moveChildrenUp(directory: string, temporary: string): Promise<string[]> {
  const children = childrenOf(directory)
  const moved: string[] = []
  for (const name of (await orNull(readdir(children))) ?? []) {
    const destination = join(temporary, randomUUID())
    await rename(join(children, name), destination)
    moved.push(destination)
  }
  return moved
}
