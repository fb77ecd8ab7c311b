import { constants } from 'node:fs'
import { copyFile, link, stat } from 'node:fs/promises'
import { pooled } from '../files/file-calls.ts'
import type { Durability } from '../files/disk.ts'
import { isCode, replace, syncDirectory, syncFile, withFile } from '../files/disk.ts'

/** The errors of a link to another file system, of one without links, and of a file with too many links. */
const NO_LINK = ['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']

/**
 * Makes the content of one file appear at another path, in one step. Replaces a file that is there.
 * Creates a hard link where the file system supports it, else a copy.
 */
export async function linkOrCopy(from: string, to: string, durability: Durability): Promise<void> {
  try {
    await linkOver(from, to)
  } catch (error) {
    if (!isCode(error, ...NO_LINK)) throw error
    await replace(to, (temporary) => copy(from, temporary, durability))
  }
  if (durability === 'power-loss') await syncDirectory(to)
}

async function linkOver(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
    // Renaming a file over itself would leave both names.
    if (await isSameFile(from, to)) return
    await replace(to, (temporary) => link(from, temporary))
  }
}

async function copy(from: string, to: string, durability: Durability): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE)
  if (durability === 'power-loss') await withFile(pooled, to, constants.O_RDWR, syncFile)
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([stat(one), stat(other)])
  return a.ino === b.ino && a.dev === b.dev
}
