import { link, open, rename, rm, stat } from 'node:fs/promises'
import { isCode } from '../files/disk.ts'

/** What file systems report when they cannot link: no links at all, or too many. */
const NO_LINK = ['EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']

/**
 * Makes the file `staged` appear at `path` in one step, whole, and only when no file is there. Returns
 * false when another file is there, and true when it is this very file, from an earlier attempt.
 *
 * Where the file system has no links, the staged file is moved. `beforeMove` runs before that, with
 * `path` reserved by an empty file.
 */
export async function linkExclusive(
  staged: string,
  path: string,
  beforeMove: () => Promise<void>,
): Promise<boolean> {
  try {
    await link(staged, path)
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return isSameFile(staged, path)
    if (!isCode(error, ...NO_LINK)) throw error
    return moveExclusive(staged, path, beforeMove)
  }
}

/** Makes the file `staged` appear at `path` in one step, whole, in place of a file that is there. */
export async function linkOver(staged: string, path: string): Promise<void> {
  const temporary = `${staged}~`
  await rm(temporary, { force: true })
  try {
    await link(staged, temporary)
  } catch (error) {
    if (!isCode(error, ...NO_LINK)) throw error
    await rename(staged, path)
    return
  }
  await rename(temporary, path)
  // Renaming one link over another of the same file does nothing, and leaves both.
  await rm(temporary, { force: true })
}

/** Without links it takes two steps: an empty file reserves the name first. */
async function moveExclusive(
  staged: string,
  path: string,
  beforeMove: () => Promise<void>,
): Promise<boolean> {
  try {
    const reserved = await open(path, 'wx')
    await reserved.close()
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  }
  try {
    await beforeMove()
    await rename(staged, path)
    return true
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map((path) => stat(path, { bigint: true })))
  return a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev
}
