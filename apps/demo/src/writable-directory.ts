import { randomUUID } from 'node:crypto'
import { mkdir, unlink, writeFile } from 'node:fs/promises'
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
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    throw new Error(`${variable}: cannot write to ${directory} (${code})`, { cause: error })
  }
}
