#!/usr/bin/env node
// `npm run test:runtimes`: installs Bun, Deno, workerd and Next.js, and runs their tests. They are too large
// for each install (700 MB), so they live in `runtimes/`, outside the workspace.
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Installs what runtimes/package.json names. Returns false where that is impossible. */
export function ensureRuntimes() {
  const args = ['ci', '--loglevel=error', '--no-audit', '--no-fund', '--prefer-offline']
  const isInstalled = run('npm', args, join(root, 'runtimes')) === 0
  if (!isInstalled) console.error('The runtimes cannot be installed, so they are not tested.')
  return isInstalled
}

function run(command, args, cwd) {
  const env = { ...process.env, TUSKER_RUNTIMES: '1' }
  const shell = process.platform === 'win32'
  return spawnSync(command, args, { cwd, env, shell, stdio: 'inherit' }).status ?? 1
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const tests = ['run', '--project', 'adapter-fetch', 'test/runtimes.test.ts']
  process.exit(ensureRuntimes() ? run(process.execPath, [vitest, ...tests], root) : 1)
}
