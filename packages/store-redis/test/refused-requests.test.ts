import { describeRefusals } from '@tusker/testing'
import { createClient } from '@redis/client'
import { afterAll, beforeAll } from 'vitest'
import { redisLocker } from '../src/locker/redis-locker.ts'
import { connectTo, openStore } from './support/open-store.ts'
import { describeRedis } from './support/redis-binary.ts'
import type { RedisServer } from './support/redis-server.ts'
import { startRedis } from './support/redis-server.ts'

describeRedis('requests that are refused', () => {
  let server: RedisServer
  beforeAll(async () => void (server = await startRedis()))
  afterAll(() => server?.dispose())

  async function contentOf(prefix: string): Promise<string> {
    const keys = ((await server.command('KEYS', `${prefix}*`)) as unknown[]).map(String).sort()
    const contents = keys.map(async (key) => `${key} ${await valueOf(key)}`)
    return (await Promise.all(contents)).join('\n')
  }

  async function valueOf(key: string): Promise<string> {
    const type = String(await server.command('TYPE', key))
    if (type === 'string') return String(await server.command('GET', key))
    if (type !== 'hash') return type
    const names = ((await server.command('HKEYS', key)) as unknown[]).map(String).sort()
    const fields = names.map(
      async (name) => `${name}=${String(await server.command('HGET', key, name))}`,
    )
    return (await Promise.all(fields)).join()
  }

  describeRefusals('redis', async () => {
    const opened = await openStore(() => connectTo(server))
    const client = createClient({ url: server.url })
    await client.connect()
    const locker = redisLocker({ client, prefix: opened.prefix })
    return {
      ...opened,
      locker: () => locker,
      snapshot: () => contentOf(opened.prefix),
      async dispose() {
        locker.close()
        client.destroy()
        await opened.dispose()
      },
    }
  })
})
