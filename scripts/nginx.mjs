// Finds a real nginx for tests, or fetches Debian's, and runs it with a configuration of ours.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { canFetch, fetchPackages } from './debian-package.mjs'

const cache = join(dirname(dirname(fileURLToPath(import.meta.url))), 'node_modules/.cache/nginx')

/** The path of an nginx that answers, fetched where that is possible; else the reason why there is none. */
export function findNginx() {
  const fetched = join(cache, 'usr/sbin/nginx')
  const known = [process.env.NGINX_BIN, 'nginx', '/usr/sbin/nginx', fetched].filter(Boolean)
  const found = known.find(answers)
  if (found !== undefined) return { path: found, reason: null }
  if (!canFetch()) return { path: null, reason: 'there is no nginx on PATH, and no apt-get' }
  try {
    fetchPackages(['nginx'], cache)
  } catch (error) {
    return { path: null, reason: `apt-get brought no nginx: ${error.message}` }
  }
  if (answers(fetched)) return { path: fetched, reason: null }
  return { path: null, reason: `${fetched} does not run here` }
}

function answers(path) {
  return spawnSync(path, ['-v']).status === 0
}

/**
 * Runs nginx in `directory` with what is to stand in its `http` block, and waits until it takes
 * connections at `port`.
 */
export async function startNginx(path, { directory, http, port }) {
  mkdirSync(join(directory, 'temp'), { recursive: true })
  const file = join(directory, 'nginx.conf')
  writeFileSync(file, whole(directory, http))
  const child = spawn(path, ['-p', directory, '-c', file, '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => (said += text))
  const ended = once(child, 'exit')
  while (!(await accepts(port))) {
    if (child.exitCode !== null) throw new Error(`nginx ended:\n${said}`)
    await sleep(20)
  }
  return {
    /** What it has told of errors so far. */
    log: () => said,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Nothing of what it writes leaves the directory. */
function whole(directory, http) {
  const temps = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `  ${name}_temp_path ${directory}/temp/${name};\n`)
    .join('')
  // Else the processes of one that root started may not write into a directory of root's.
  const user = process.getuid?.() === 0 ? 'user root;\n' : ''
  return `daemon off;
${user}pid ${directory}/nginx.pid;
error_log stderr warn;
worker_processes 1;
events {
  worker_connections 256;
}
http {
  access_log off;
${temps}${http}
}
`
}

async function accepts(port) {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
