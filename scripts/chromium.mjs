// Finds a Chromium for the browser tests, or installs Debian's where that is possible.
import { spawnSync } from 'node:child_process'

const NAMES = [process.env.CHROMIUM_BIN, 'chromium', 'chromium-browser', 'google-chrome'].filter(
  Boolean,
)

/** The path of a Chromium that answers, or null. */
export function findChromium() {
  for (const name of NAMES) {
    const found = spawnSync('which', [name], { encoding: 'utf8' })
    const path = found.status === 0 ? found.stdout.trim() : null
    if (path !== null && spawnSync(path, ['--version']).status === 0) return path
  }
  return null
}

/** Like `findChromium`, installing it first when this is a Debian and we are root. */
export function ensureChromium() {
  const found = findChromium()
  if (found !== null) return found
  const root = process.getuid?.() === 0
  if (!root || spawnSync('apt-get', ['--version']).status !== 0) return null
  console.log('Installing Chromium for the browser tests…')
  const options = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }
  spawnSync('apt-get', ['update', '-qq'], options)
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], options)
  return findChromium()
}
