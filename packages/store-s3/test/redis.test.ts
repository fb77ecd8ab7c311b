import { createClient } from '@redis/client'
import type { Locker } from '@tusker/core'
import type { RedisLocker } from '@tusker/store-redis'
import { redisLocker, redisMessages, redisRecords } from '@tusker/store-redis'
import type { RedisServer } from '@tusker/store-redis/testing'
import { describeRedis, startRedis } from '@tusker/store-redis/testing'
import type { ReopenableStore } from '@tusker/testing'
import { describeGuarantees, describeLocker, describeModel, describeStore } from '@tusker/testing'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import type { S3UploadsOptions } from '../src/index.ts'
import { fakeS3 } from './support/fake-s3.ts'
import { asking, handOver } from './support/hold.ts'
import { creatingLocker, newUpload } from './support/new-upload.ts'
import { SMALL, uploadsIn } from './support/open-uploads.ts'

const leaseTtl = 1_000
/** For holders that must not lose their lease, also on a busy machine. */
const SAFE_LEASE = 4_000

describeRedis('uploads in a bucket without conditional writes, with records in Redis', () => {
  let server: RedisServer
  let count = 0
  beforeAll(async () => {
    server = await startRedis()
    // A younger server grants no leases, because it may have forgotten some.
    await new Promise((resolve) => setTimeout(resolve, SAFE_LEASE + 1_100))
  })
  afterAll(() => server?.dispose())

  async function openAll(options: Partial<S3UploadsOptions> = {}) {
    const fake = fakeS3({ conditions: 'ignored', smallestPart: 8 * 1024 })
    const client = createClient({ url: server.url })
    client.on('error', () => {})
    await client.connect()
    const prefix = `s3-${(count += 1)}:`
    const messages = redisMessages({ client, prefix })
    const lockers: RedisLocker[] = []
    return {
      open(more: Partial<S3UploadsOptions> = {}) {
        const records = redisRecords({ client, prefix })
        return uploadsIn(fake, { ...SMALL, records, messages, leaseTtl, ...options, ...more })
      },
      redisLocker(): Locker {
        const locker = redisLocker({ client, prefix, leaseTtl: SAFE_LEASE })
        lockers.push(locker)
        return locker
      },
      async dispose() {
        for (const locker of lockers) locker.close()
        messages.close()
        client.destroy()
      },
    }
  }

  async function openStore(): Promise<ReopenableStore> {
    const { open, dispose } = await openAll()
    return {
      store: open().store,
      reopen: () => open().store,
      locker: () => open().locker,
      dispose,
    }
  }

  async function openStoreWithLocker(): Promise<ReopenableStore> {
    const all = await openAll()
    const locker = () => all.open({ locker: all.redisLocker() }).locker
    return { store: all.open({ locker: locker() }).store, locker, dispose: all.dispose }
  }

  it('a holder that is asked to yield hands its lease over within a second over redisMessages', async () => {
    const { open, dispose } = await openAll({ leaseTtl: 20_000, lookEvery: 30_000 })
    onTestFinished(dispose)
    const [one, two] = [open(), open()]
    await one.store.create(newUpload('u1'))
    // The first lease opens the connection for messages.
    await two.locker.withLease('u1', asking('yield'), async () => {})
    const time = await handOver(one.locker, two.locker, 'yield', ({ yieldRequest }, release) =>
      yieldRequest.onPending(release),
    )
    expect(time).toBeLessThan(1_000)
  })

  describeStore('s3 with records in Redis', openStore, { manyParts: 200 })
  describeLocker('s3 with records in Redis', async () => {
    const { open, dispose } = await openAll()
    return { locker: creatingLocker(open()), other: creatingLocker(open()), leaseTtl, dispose }
  })
  describeModel('s3 with records in Redis', openStore, { runs: 5 })
  describeGuarantees('s3 with records and leases in Redis', openStoreWithLocker)
})
