/** True for the failure of a file operation because nothing is at the path, or could be. */
export function isMissing(error: unknown): boolean {
  return hasCode(error, ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'])
}

/** True for the failure of a rename because something is at its destination. */
export function isTaken(error: unknown): boolean {
  // Windows says that moving a directory onto another one is not permitted.
  const codes = process.platform === 'win32' ? ['EPERM', 'EACCES'] : []
  return hasCode(error, ['ENOTEMPTY', 'EEXIST', ...codes])
}

/** Resolves to null where `operation` finds nothing. */
export async function orNull<Result>(operation: Promise<Result>): Promise<Result | null> {
  try {
    return await operation
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

function hasCode(error: unknown, codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}
