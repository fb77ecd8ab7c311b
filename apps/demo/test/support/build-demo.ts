import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { bundleProgram } from '../../../../vitest.bundle.ts'
import { ensureChromium } from './chromium.ts'

const demo = join(import.meta.dirname, '../..')

/**
 * Builds the page and the server once before the tests of the demo, so that no test uses an old build. With CI
 * set, the tests with a browser must not be skipped.
 */
export default async function buildDemo(): Promise<void> {
  if (process.env['CI'] && ensureChromium() === null && process.platform === 'linux') {
    throw new Error('There is no Chromium.')
  }
  const vite = join(
    dirname(createRequire(import.meta.url).resolve('vite/package.json')),
    'bin/vite.js',
  )
  execFileSync(process.execPath, [vite, 'build', 'page', '--logLevel', 'warn'], {
    cwd: demo,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  // The names of its pieces change with the sources.
  rmSync(join(demo, 'dist/server'), { recursive: true, force: true })
  await bundleProgram(join(demo, 'src/main.ts'), join(demo, 'dist/server/main.js'))
}
