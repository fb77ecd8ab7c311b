// Finds a real nginx for tests, or fetches Debian's, and runs it with a configuration of a test.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  canFetch,
  fetchPackages,
} from '../../../packages/store-redis/test/support/debian-package.ts'

type Found =
  | { readonly path: string; readonly reason: null }
  | { readonly path: null; readonly reason: string }

interface Settings {
  /** Everything that nginx writes stays in it. */
  readonly directory: string
  /** The contents of the `http` block. */
  readonly http: string
  /** A port that the configuration listens on. */
  readonly port: number
}

const cache = join(import.meta.dirname, '../../../node_modules/.cache/nginx')

/** The path of an nginx that runs, fetched where that is possible; else the reason why there is none. */
export function findNginx(): Found {
  const fetched = join(cache, 'usr/sbin/nginx')
  const candidates = [process.env['NGINX_BIN'], 'nginx', '/usr/sbin/nginx', fetched]
  const found = candidates.find((path) => path !== undefined && runs(path))
  if (found !== undefined) return { path: found, reason: null }
  if (!canFetch()) return { path: null, reason: 'there is no nginx on PATH, and no apt-get' }
  try {
    fetchPackages(['nginx'], cache)
  } catch (error) {
    return { path: null, reason: `apt-get brought no nginx: ${String(error)}` }
  }
  if (runs(fetched)) return { path: fetched, reason: null }
  return { path: null, reason: `${fetched} does not run here` }
}

function runs(path: string): boolean {
  return spawnSync(path, ['-v']).status === 0
}

/** Runs nginx, and waits until it accepts connections. */
export async function startNginx(
  path: string,
  { directory, http, port }: Settings,
): Promise<{ stop(): Promise<void> }> {
  mkdirSync(join(directory, 'temp'), { recursive: true })
  const file = join(directory, 'nginx.conf')
  writeFileSync(file, configuration(directory, http))
  const child = spawn(path, ['-p', directory, '-c', file, '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text))
  const ended = once(child, 'exit')
  while (!(await accepts(port))) {
    if (child.exitCode !== null) throw new Error(`nginx ended:\n${log}`)
    await sleep(20)
  }
  return {
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

function configuration(directory: string, http: string): string {
  const temps = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `  ${name}_temp_path ${directory}/temp/${name};\n`)
    .join('')
  // The workers of an nginx that root starts have another user, who cannot write into this directory.
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

async function accepts(port: number): Promise<boolean> {
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
