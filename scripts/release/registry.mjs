// An npm registry of our own that takes any package, for as long as a release is tried.
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { call, root } from '../packages/call.mjs'
import { freePort } from '../free-port.mjs'

const home = join(root, 'scripts/release/registry')
const program = join(home, 'node_modules/verdaccio/bin/verdaccio')

/** Starts it, with all it keeps below `scratch`. Installs it the first time. */
export async function startRegistry(scratch) {
  if (!existsSync(program)) {
    const shell = process.platform === 'win32'
    await call('npm', ['ci', '--ignore-scripts', '--loglevel=error'], { cwd: home, shell })
  }
  const directory = join(scratch, 'registry')
  mkdirSync(directory)
  const config = join(directory, 'config.yaml')
  writeFileSync(config, settings(directory))
  const port = await freePort()
  const child = spawn(process.execPath, [program, '--config', config, '--listen', String(port)], {
    cwd: directory,
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  process.once('exit', () => child.kill('SIGKILL'))
  const stop = async () => {
    child.kill('SIGKILL')
    await ended
  }
  try {
    await Promise.race([listening(child), ended.then(() => refuse('it ended before it served'))])
    const url = `http://localhost:${port}/`
    return { url, token: await signUp(url), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** It knows our packages alone, and asks no other registry. */
function settings(directory) {
  return `storage: ${join(directory, 'storage')}
auth:
  htpasswd:
    file: ${join(directory, 'htpasswd')}
packages:
  '@tusker/*':
    access: $all
    publish: $authenticated
web:
  enable: false
log:
  type: stdout
  format: json
  level: http
`
}

/** Its log has to be read to the end, or it would wait for room to write. */
function listening(child) {
  return new Promise((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('http address')) resolve()
    })
  })
}

async function signUp(url) {
  const name = 'release'
  const response = await fetch(`${url}-/user/org.couchdb.user:${name}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, password: randomUUID() }),
  })
  const { token } = await response.json()
  if (typeof token !== 'string') refuse(`it gave no token: ${response.status}`)
  return token
}

function refuse(why) {
  throw new Error(`the registry cannot be used: ${why}`)
}
