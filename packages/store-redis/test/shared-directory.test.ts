import { createClient } from '@redis/client'
import { fsStore } from '@tusker/store-fs'
import { describeModel, describeGuarantees, describeStore } from '@tusker/testing'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { rounds } from '../../testing/test/support/test-rounds.ts'
import { redisLocker, redisRecords } from '../src/index.ts'
import { oldEnough } from './support/lockers.ts'
import { describeRedis } from './support/redis-binary.ts'
import type { RedisServer } from './support/redis-server.ts'
import { startRedis } from './support/redis-server.ts'
import { uploadOf } from './support/uploads.ts'

const LEASE_TIME = 1_000

// The bytes in a directory that many hosts see, and all that is known of them in Redis.
describeRedis('fsStore with records and leases in Redis', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedis()
    await oldEnough(LEASE_TIME)
  }, 30_000)
  afterAll(() => server?.dispose())

  let count = 0
  async function open() {
    const client = createClient({ url: server.url })
    client.on('error', () => {})
    await client.connect()
    const directory = await mkdtemp(join(tmpdir(), 'tusker-shared-'))
    const prefix = `shared-${(count += 1)}:`
    const lockers: { close(): void }[] = []
    const reopen = () => fsStore({ directory, records: redisRecords({ client, prefix }) })
    return {
      directory,
      reopen,
      store: reopen(),
      locker() {
        const locker = redisLocker({ client, prefix, leaseTtl: LEASE_TIME })
        lockers.push(locker)
        return locker
      },
      async dispose() {
        for (const locker of lockers) locker.close()
        client.destroy()
        await rm(directory, { recursive: true })
      },
    }
  }

  describeStore('fs, with records in redis', open)
  describeGuarantees('fs and redis, shared by servers with a locker each', open)
  describeModel('fs, with records in redis', open, { runs: 20 * rounds })

  it('the directory contains data files only', async () => {
    const { store, directory, dispose } = await open()
    await store.create(uploadOf('u1'))
    await store.append('u1', 0, bytes(), { token: 1 })
    expect(await readdir(directory)).toEqual(['u1'])
    await store.remove('u1', 1)
    expect(await readdir(directory)).toEqual([])
    await dispose()
  })
})

async function* bytes(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from('hello'))
}
