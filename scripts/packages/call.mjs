import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** The root of the repository. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

const run = promisify(execFile)
const waiting = []
let free = availableParallelism()

/**
 * Runs a program to its end and gives what it printed. Rejects with its output when it fails. Any number
 * may be called at once: no more of them run than there are processors.
 */
export async function call(command, args, options = {}) {
  await turn()
  try {
    const settings = { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, ...options }
    const running = run(command, args, settings)
    running.child.stdin?.end()
    return (await running).stdout
  } catch (error) {
    const said = `${error.stdout ?? ''}${error.stderr ?? ''}`.trim()
    throw new Error(`${said || error.message}\n  in: ${command} ${args.join(' ').slice(0, 200)}`, {
      cause: error,
    })
  } finally {
    free += 1
    waiting.shift()?.()
  }
}

async function turn() {
  while (free === 0) await new Promise((resolve) => waiting.push(resolve))
  free -= 1
}

/** Runs npm quietly in a folder. */
export function npm(cwd, args, env = process.env) {
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error']
  return call('npm', [...args, ...quiet], { cwd, env, shell: process.platform === 'win32' })
}
