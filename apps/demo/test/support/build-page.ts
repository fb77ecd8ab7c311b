import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Builds the page once before the tests of the demo, so that no test uses an old build. */
export default function buildPage(): void {
  const vite = join(
    dirname(createRequire(import.meta.url).resolve('vite/package.json')),
    'bin/vite.js',
  )
  const demo = join(import.meta.dirname, '../..')
  execFileSync(process.execPath, [vite, 'build', 'page', '--logLevel', 'warn'], {
    cwd: demo,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}
