// Finds a Chromium for the browser tests, or installs Debian's where that is possible. Playwright's own
// download needs a server that a machine for tests may not reach.
import type { SpawnSyncOptions } from 'node:child_process'
import { spawnSync } from 'node:child_process'

const NAMES = [process.env['CHROMIUM_BIN'], 'chromium', 'chromium-browser', 'google-chrome']

/** The path of a Chromium that runs, or null. */
export function findChromium(): string | null {
  for (const name of NAMES) {
    if (name === undefined) continue
    const path = spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim()
    if (path !== '' && spawnSync(path, ['--version']).status === 0) return path
  }
  return null
}

/** Like `findChromium`, but installs one first where apt-get can do so. */
export function ensureChromium(): string | null {
  const found = findChromium()
  if (found !== null || process.getuid?.() !== 0) return found
  if (spawnSync('apt-get', ['--version']).status !== 0) return null
  console.log('Installing Chromium for the browser tests…')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const options: SpawnSyncOptions = { stdio: ['ignore', 'ignore', 'inherit'], env }
  spawnSync('apt-get', ['update', '-qq'], options)
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], options)
  return findChromium()
}
