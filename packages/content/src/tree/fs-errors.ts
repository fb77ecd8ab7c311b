import { systemCodeOf } from '@tusker/core'

/** True for an error of Node that has one of these codes. */
export function hasCode(error: unknown, codes: readonly string[]): boolean {
  return codes.includes(systemCodeOf(error) ?? '')
}

/** True when a file operation failed because nothing is at the path, or can be. */
export function isMissing(error: unknown): boolean {
  return hasCode(error, ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'])
}

/** True when a rename failed because something is at its destination. */
export function isTaken(error: unknown): boolean {
  // Windows reports that a directory may not be moved onto another one.
  const codes = process.platform === 'win32' ? ['EPERM', 'EACCES'] : []
  return hasCode(error, ['ENOTEMPTY', 'EEXIST', ...codes])
}

/** Resolves to null when `operation` finds nothing at its path. */
export async function orNull<Result>(operation: Promise<Result>): Promise<Result | null> {
  try {
    return await operation
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}
