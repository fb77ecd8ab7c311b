import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isCode, orAbsent } from './disk.ts'

/**
 * Creates a directory, and its parents where they are missing.
 *
 * Node's recursive `mkdir` never returns where the system refuses a directory as "not found", as
 * `/proc` does. This one throws that error.
 */
export async function makeDirectory(path: string): Promise<void> {
  if (await exists(path)) return
  const parent = dirname(path)
  if (parent !== path) await makeDirectory(parent)
  try {
    await mkdir(path)
  } catch (error) {
    // Another process may have created it meanwhile.
    if (!isCode(error, 'EEXIST') || !(await exists(path))) throw error
  }
}

async function exists(path: string): Promise<boolean> {
  const found = await orAbsent(() => stat(path))
  return found?.isDirectory() === true
}
