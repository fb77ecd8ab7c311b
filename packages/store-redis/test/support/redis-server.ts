import { createClient } from '@redis/client'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { onFreePort } from '../../../testing/test/support/free-port.ts'
import { redisBinary } from './redis-binary.ts'

/** A real server on a port of its own, with a directory that goes with it. */
export interface RedisServer {
  readonly port: number
  readonly url: string
  /** Sends one command over a connection of its own. */
  command(...args: readonly string[]): Promise<unknown>
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>
  /** On the same port, with the data in its files. */
  start(): Promise<void>
  /** SIGSTOP: connections stay, nothing is answered. */
  pause(): void
  /** SIGCONT */
  resume(): void
  /** Ends it and removes its directory. */
  dispose(): Promise<void>
}

export interface RedisServerOptions {
  /** Keeps what was acknowledged in a file, for `kill` and `start`. */
  readonly appendOnly?: boolean
  readonly cluster?: boolean
  /** Further arguments of the server. */
  readonly args?: readonly string[]
}

/** Starts a server of its own. It goes with this process, also when that is killed. */
export function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  return onFreePort((port) => startOn(port, options))
}

async function startOn(port: number, options: RedisServerOptions): Promise<RedisServer> {
  const { bin, env } = redisBinary()
  const directory = await mkdtemp(join(tmpdir(), 'tusker-redis-'))
  const args = [join(import.meta.dirname, 'guard.sh'), directory, bin]
  const guard = spawn('sh', [...args, ...settingsOf(port, directory, options)], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const lines = createInterface({ input: guard.stdout })
  let pid: number | null = null
  lines.on('line', (line) => (pid = line === 'gone' ? null : Number(line.split(' ')[1])))

  const signal = (name: NodeJS.Signals): void => {
    if (pid !== null) process.kill(pid, name)
  }
  const command: RedisServer['command'] = async (...parts) => {
    // RESP2 everywhere, so that a reply has one shape.
    const client = createClient({
      url: `redis://127.0.0.1:${port}`,
      RESP: 2,
      socket: { reconnectStrategy: false },
    })
    client.on('error', () => {})
    await client.connect()
    try {
      return await client.sendCommand([...parts])
    } finally {
      client.destroy()
    }
  }

  const server: RedisServer = {
    port,
    url: `redis://127.0.0.1:${port}`,
    command,
    async start() {
      const started = once(lines, 'line')
      guard.stdin.write('\n')
      await started
      await eventually(`the server on ${port} answers`, async () => {
        if (pid === null) throw new Error(await readFile(join(directory, 'log'), 'utf8'))
        if ((await command('PING').catch(() => null)) !== 'PONG') return false
        // When another process took the port first, another server answers.
        const info = String(await command('INFO', 'server').catch(() => ''))
        return info.includes(`process_id:${pid}\r\n`)
      })
    },
    async kill() {
      if (pid === null) return
      const gone = once(lines, 'line')
      signal('SIGKILL')
      await gone
    },
    pause: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    async dispose() {
      if (guard.exitCode !== null) return
      const over = once(guard, 'exit')
      guard.stdin.end()
      await over
    },
  }
  await server.start().catch(async (error: unknown) => {
    await server.dispose()
    throw error
  })
  return server
}

function settingsOf(
  port: number,
  directory: string,
  { appendOnly = false, cluster = false, args = [] }: RedisServerOptions,
): string[] {
  const clustered = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000']
  return [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    directory,
    '--save',
    '',
    '--appendonly',
    appendOnly ? 'yes' : 'no',
    '--appendfsync',
    'always',
    '--repl-diskless-sync-delay',
    '0',
    ...(cluster ? clustered : []),
    ...args,
  ]
}

/** Waits until something is so. */
export async function eventually(
  what: string,
  isSo: () => Promise<boolean> | boolean,
  timeout = 20_000,
): Promise<void> {
  for (const end = performance.now() + timeout; performance.now() < end; await sleep(20)) {
    if (await isSo()) return
  }
  throw new Error(`it did not come to be that ${what}`)
}
