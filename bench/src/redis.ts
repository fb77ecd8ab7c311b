import { createClient } from '@redis/client'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../packages/testing/test/support/free-port.ts'
import { ensureRedis } from '../../packages/store-redis/test/support/redis.ts'

/** A Redis server for one run. It writes nothing to the disk. */
export interface RedisProcess {
  readonly url: string
  /** Forgets everything. */
  clear(): Promise<void>
  stop(): Promise<void>
}

/** Milliseconds that a lease may last. A younger server may have forgotten leases, so it grants none. */
const LEASE = 12_000

/** Starts the server that the tests use, and waits until leases are granted. */
export async function startRedis(directory: string): Promise<RedisProcess> {
  const port = String(await freePort())
  const { bin, env } = ensureRedis()
  const args = ['--port', port, '--bind', '127.0.0.1', '--dir', directory, '--save', '']
  const server = spawn(bin, args, { env: { ...process.env, ...env }, stdio: 'ignore' })
  const url = `redis://127.0.0.1:${port}`
  while (!(await answers(url))) {
    if (server.exitCode !== null) throw new Error('the Redis server did not start')
    await sleep(50)
  }
  await sleep(LEASE)
  return {
    url,
    async clear() {
      const client = createClient({ url })
      await client.connect()
      await client.flushAll()
      client.destroy()
    },
    async stop() {
      const exited = once(server, 'exit')
      server.kill('SIGKILL')
      await exited
    },
  }
}

async function answers(url: string): Promise<boolean> {
  const client = createClient({ url, socket: { reconnectStrategy: false } })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.ping()
    return true
  } catch {
    return false
  } finally {
    if (client.isOpen) client.destroy()
  }
}
