import { execFileSync } from 'node:child_process'
import { programPath } from './programs.ts'

/**
 * Runs code in a process of its own, under a limit of the shell's `ulimit`, and returns what it prints.
 * `store` and `directory` are defined in it.
 */
export function runLimited(limit: string, directory: string, code: string): string {
  const script = `
    import { fsStore } from ${JSON.stringify(programPath('index'))}
    const directory = ${JSON.stringify(directory)}
    const store = fsStore({ directory })
    ${code}
  `
  const node = `${process.execPath} --input-type=module`
  const printed = execFileSync('bash', ['-c', `ulimit ${limit}; ${node} -e "$SCRIPT"`], {
    env: { ...process.env, SCRIPT: script },
    encoding: 'utf8',
  })
  return printed.trim()
}
