#!/usr/bin/env node
// `npm run test:runtimes`: installs the runtimes besides Node, and runs the tests for them.
//
// They are too large for everybody's install, so they live in `runtimes/`, outside the workspace.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const directory = join(root, 'runtimes')

/** Installs what runtimes/package.json names, unless it is there. Ends the process if that fails. */
export function ensureRuntimes() {
  const { dependencies } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
  if (Object.entries(dependencies).every(([name, version]) => installed(name) === version)) return
  console.log('Installing Bun, Deno and workerd into runtimes/: about 350 MB.')
  run('npm', ['ci', '--loglevel=error'], directory)
}

function installed(name) {
  const manifest = join(directory, 'node_modules', name, 'package.json')
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : null
}

function run(command, args, cwd) {
  const env = { ...process.env, TUSKER_RUNTIMES: '1' }
  const shell = process.platform === 'win32'
  const { status } = spawnSync(command, args, { cwd, env, shell, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ensureRuntimes()
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const tests = ['run', '--project', 'adapter-fetch', 'test/runtimes.test.ts']
  run(process.execPath, [vitest, ...tests], root)
}
