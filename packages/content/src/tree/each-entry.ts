import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { orNull } from './fs-errors.ts'

/**
 * Runs `task` for the path of each entry of a directory, also after one of them failed. Rejects at
 * the end with the first failure: an entry that cannot be swept must not keep the others.
 */
export async function eachEntry(
  directory: string,
  task: (path: string) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = []
  for (const name of (await orNull(readdir(directory))) ?? []) {
    await task(join(directory, name)).catch((error: unknown) => failures.push(error))
  }
  if (failures.length > 0) throw failures[0]
}
