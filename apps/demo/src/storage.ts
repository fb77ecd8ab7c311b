import type { ContentStore } from '@tusker/content'
import type { Locker, OptionalOperation, StoreWith } from '@tusker/core'
import { memoryLocker } from '@tusker/core'
import { fsStore, fsUploads } from '@tusker/store-fs'
import { memoryStore } from '@tusker/store-memory'
import type { RedisLocker } from '@tusker/store-redis'
import { redisRecords, redisUploads } from '@tusker/store-redis'
import { s3Uploads } from '@tusker/store-s3'
import { createClient } from '@redis/client'
import type { Logger } from 'pino'
import type { S3Settings, Settings } from './settings.ts'

/** The store of uploads and its locker. */
export interface Place {
  readonly store: ContentStore & StoreWith<OptionalOperation>
  readonly locker: Locker
}

/** The stores and lockers of the settings. */
export interface Storage {
  /** @param name distinguishes stores that share one Redis server or one bucket */
  placeFor(name: string, directory: string): Place
  /** Closes all connections. */
  close(): void
}

/** Milliseconds until the lease of a killed process expires: so short that users hardly notice it. */
const LEASE_TIME = 2_000

/** Opens the stores of the settings. If Redis or the bucket cannot be used, rejects with a sentence that says why. */
export async function openStorage(settings: Settings, logger: Logger): Promise<Storage> {
  if (settings.s3 !== null) return openBucket(settings.s3, settings.locker === 's3', logger)
  if (settings.store !== 'redis' && settings.locker !== 'redis') {
    return { placeFor: (_name, directory) => localPlace(settings, directory), close: () => {} }
  }
  const client = await connect(settings.redisUrl, logger)
  const lockers: RedisLocker[] = []

  return {
    placeFor(name, directory) {
      const prefix = `tusker:${name}:`
      const { store, locker } = redisUploads({ client, prefix, leaseTtl: LEASE_TIME })
      lockers.push(locker)
      const leases = settings.locker === 'redis' ? locker : memoryLocker()
      if (settings.store === 'redis') return { store, locker: leases }
      // The bytes are in a directory that all hosts share. Their records are in Redis.
      const records = redisRecords({ client, prefix })
      return { store: fsStore({ directory, records }), locker: leases }
    },
    close() {
      for (const locker of lockers) locker.close()
      client.destroy()
    },
  }
}

async function openBucket(s3: S3Settings, shared: boolean, logger: Logger): Promise<Storage> {
  const options = { ...s3, shared, leaseTtl: LEASE_TIME }
  const { conditionalWrites } = await s3Uploads(options).check()
  logger.info({ bucket: s3.bucket, conditionalWrites }, 'uploads are kept in a bucket')
  return {
    placeFor(name) {
      const prefix = `${s3.prefix}${name}/`
      const { store, locker } = s3Uploads({ ...options, conditionalWrites, prefix })
      return { store, locker }
    },
    close() {},
  }
}

function localPlace({ store, locker }: Settings, directory: string): Place {
  if (store === 'memory') return { store: memoryStore(), locker: memoryLocker() }
  // Other processes may serve the same directory. A client may use a different process for each request.
  return fsUploads({ directory, shared: locker === 'file', leaseTtl: LEASE_TIME })
}

async function connect(url: string, logger: Logger) {
  const client = createClient({ url })
  const refused = new Promise<never>((_, reject) => {
    client.once('error', (error: Error) => {
      reject(new Error(`REDIS_URL: Redis does not respond: ${error.message || error.name}`))
    })
  })
  client.on('error', (err: Error) => logger.warn({ err }, 'the connection to Redis is in trouble'))
  try {
    await Promise.race([client.connect(), refused])
    return client
  } catch (error) {
    client.destroy()
    throw error
  }
}
