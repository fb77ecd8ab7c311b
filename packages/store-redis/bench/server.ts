import { createClient } from '@redis/client'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../testing/test/support/free-port.ts'
import { ensureRedis } from '../test/support/redis.ts'

/** A server on this machine, for as long as it takes. */
export interface BenchServer {
  readonly url: string
  stop(): Promise<void>
}

/** Starts the server that the tests use. */
export async function startServer(
  directory: string,
  args: readonly string[],
): Promise<BenchServer> {
  await mkdir(directory, { recursive: true })
  const port = String(await freePort())
  const { bin, env } = ensureRedis()
  const settings = ['--port', port, '--bind', '127.0.0.1', '--dir', directory, '--save', '']
  const server = spawn(bin, [...settings, ...args], {
    env: { ...process.env, ...env },
    stdio: 'ignore',
  })
  const url = `redis://127.0.0.1:${port}`
  while (!(await answers(url))) {
    if (server.exitCode !== null) throw new Error('the Redis server did not start')
    await sleep(50)
  }
  return {
    url,
    async stop() {
      server.kill('SIGKILL')
      await once(server, 'exit')
    },
  }
}

async function answers(url: string): Promise<boolean> {
  const client = createClient({ url, socket: { reconnectStrategy: false } })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.ping()
    client.destroy()
    return true
  } catch {
    return false
  }
}
