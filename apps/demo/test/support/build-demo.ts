import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
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
  await bundleServer()
}

async function bundleServer(): Promise<void> {
  const text = readFileSync(join(demo, 'package.json'), 'utf8')
  const { dependencies } = JSON.parse(text) as { dependencies: Record<string, string> }
  const external = Object.keys(dependencies).filter((name) => !name.startsWith('@tusker/'))
  await bundleProgram(join(demo, 'src/main.ts'), join(demo, 'dist/server/main.js'), external)
}
