import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** The root of the repository. */
export const root = join(import.meta.dirname, '../..')

export const readJson = (...path) => JSON.parse(readFileSync(join(...path), 'utf8'))

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
export function npm(cwd, args) {
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error']
  return call('npm', [...args, ...quiet], { cwd })
}
