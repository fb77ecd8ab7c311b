import { execFile } from 'node:child_process'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** The root of the repository. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** Runs a program to its end and returns its output. Rejects with its output when it fails. */
export async function call(command, args, options = {}) {
  try {
    const running = promisify(execFile)(command, args, { maxBuffer: 2 ** 26, ...options })
    running.child.stdin?.end()
    return (await running).stdout
  } catch (error) {
    const output = `${error.stdout ?? ''}${error.stderr ?? ''}`.trim() || error.message
    const line = [command, ...args].join(' ').slice(0, 200)
    throw new Error(`${output}\n  in: ${line}`, { cause: error })
  }
}

/** Runs npm quietly in a directory. */
export function npm(cwd, args, env = process.env) {
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error']
  return call('npm', [...args, ...quiet], { cwd, env, shell: process.platform === 'win32' })
}
