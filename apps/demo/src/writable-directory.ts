import { systemCodeOf } from '@tusker/core'
import { randomUUID } from 'node:crypto'
import { mkdir, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Creates a directory for this user alone, and writes a file to it once.
 *
 * @throws Error that names the variable of the directory
 */
export async function assertWritable(variable: string, directory: string): Promise<void> {
  const probe = join(directory, `.probe-${randomUUID()}`)
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    await writeFile(probe, '', { flag: 'wx' })
    await unlink(probe)
  } catch (error) {
    const code = systemCodeOf(error) ?? 'unknown error'
    throw new Error(`${variable}: cannot write to ${directory} (${code})`, { cause: error })
  }
}

const OTHERS = 0o007

/** True if other users of the machine can read or enter a directory. It may have existed before the demo. */
export async function isOpenToOthers(directory: string): Promise<boolean> {
  // Windows has no such rights.
  if (process.platform === 'win32') return false
  return ((await stat(directory)).mode & OTHERS) !== 0
}
