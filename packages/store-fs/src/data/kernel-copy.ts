import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** File names handed over at a time: a system limits how long a command may be. */
const AT_A_TIME = 500

/**
 * Copies whole files, one behind the other, to where an open file stands. Node has no call by which the
 * kernel would do that, but `cat` is there on every Unix, and lets the kernel copy, or share the bytes
 * where the file system can: none of them comes into a process.
 *
 * Resolves to false, having copied nothing, where there is no `cat`.
 *
 * @throws Error when a file cannot be copied
 */
export async function copyByKernel(paths: readonly string[], fd: number): Promise<boolean> {
  for (let start = 0; start < paths.length; start += AT_A_TIME) {
    if (!(await cat(paths.slice(start, start + AT_A_TIME), fd))) return false
  }
  return true
}

async function cat(paths: readonly string[], fd: number): Promise<boolean> {
  const child = spawn('cat', ['--', ...paths], { stdio: ['ignore', fd, 'ignore'] })
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    if (code === 0) return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
  throw new Error('the parts of the upload could not be copied')
}
