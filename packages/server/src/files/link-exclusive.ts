import { link, open, rename, rm, stat } from 'node:fs/promises'

/** What file systems say when they cannot link. */
const NO_LINK = ['EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']

/**
 * Makes the file `staged` appear at `path` in one step, whole, and only where nothing is. False when
 * something is there, unless it is this very file, from an earlier attempt.
 */
export async function appear(staged: string, path: string): Promise<boolean> {
  try {
    await link(staged, path)
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return isSameFile(staged, path)
    if (!isCode(error, ...NO_LINK)) throw error
    return moveWhereNothingIs(staged, path)
  }
}

/** Without links it takes two steps: the name is taken by an empty file first. */
async function moveWhereNothingIs(staged: string, path: string): Promise<boolean> {
  try {
    const reserved = await open(path, 'wx')
    await reserved.close()
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  }
  try {
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

/** True for an error of the file system with one of these codes. */
export function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}
