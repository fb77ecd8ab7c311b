import { constants } from 'node:fs'
import { copyFile, link, rename, stat, unlink } from 'node:fs/promises'
import { isCode, TEMPORARY, withFile } from './disk.ts'

/** What file systems say when they cannot link: another one, no links at all, or too many. */
const NO_LINK = ['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']

/** Makes a file as long as it is to be: what lies behind does not count, and nothing is an empty file. */
export async function trim(path: string, length: number): Promise<void> {
  await withFile(path, constants.O_RDWR | constants.O_CREAT, async (file) => {
    const { size } = await file.stat()
    if (size > length) await file.truncate(length)
  })
}

/** Makes the content of one path appear at another: by a link, else by a copy that appears whole. */
export async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
  } catch (error) {
    if (isCode(error, 'EEXIST') && (await isSameFile(from, to))) return
    if (!isCode(error, 'EEXIST', ...NO_LINK)) throw error
    await copyWhole(from, to)
  }
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([stat(one), stat(other)])
  return a.ino === b.ino && a.dev === b.dev
}

async function copyWhole(from: string, to: string): Promise<void> {
  const temporary = `${to}.${process.pid}-${Date.now()}${TEMPORARY}`
  try {
    await copyFile(from, temporary, constants.COPYFILE_FICLONE)
    await rename(temporary, to)
  } catch (error) {
    await unlink(temporary).catch(() => {})
    throw error
  }
}
