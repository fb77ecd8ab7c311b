#!/usr/bin/env node
// `npm run test:runtimes`: installs the runtimes besides Node, and Next.js, and runs their tests.
//
// They are too large for everybody's install, so they live in `runtimes/`, outside the workspace.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const directory = join(root, 'runtimes')

/**
 * Installs what runtimes/package.json names, unless it is there.
 *
 * @returns false where that is impossible, after a line that says so
 */
export function ensureRuntimes() {
  const { dependencies } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
  if (Object.entries(dependencies).every(([name, version]) => installed(name) === version)) {
    return true
  }
  console.log('Installing Bun, Deno, workerd and Next.js into runtimes/: about 700 MB.')
  const done = run('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'], directory) === 0
  if (!done) console.error('They could not be installed, so they are not tested.')
  return done
}

function installed(name) {
  const manifest = join(directory, 'node_modules', name, 'package.json')
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : null
}

function run(command, args, cwd) {
  const env = { ...process.env, TUSKER_RUNTIMES: '1' }
  const shell = process.platform === 'win32'
  return spawnSync(command, args, { cwd, env, shell, stdio: 'inherit' }).status ?? 1
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!ensureRuntimes()) process.exit(1)
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const tests = ['run', '--project', 'adapter-fetch', 'test/runtimes.test.ts']
  process.exit(run(process.execPath, [vitest, ...tests], root))
}
