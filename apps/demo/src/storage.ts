import type { ContentStore } from '@tusker/content'
import type { Locker, OptionalOperation, StoreWith } from '@tusker/core'
import { memoryLocker } from '@tusker/core'
import { fileLocker, fsStore } from '@tusker/store-fs'
import { memoryStore } from '@tusker/store-memory'
import type { RedisLocker } from '@tusker/store-redis'
import { redisLocker, redisRecords, redisStore } from '@tusker/store-redis'
import { s3Uploads } from '@tusker/store-s3'
import { createClient } from '@redis/client'
import type { Logger } from 'pino'
import type { S3Settings, Settings } from './settings.ts'

/** Where uploads are kept, and who may change them. */
export interface Place {
  readonly store: ContentStore & StoreWith<OptionalOperation>
  readonly locker: Locker
}

/** The places that the settings ask for. */
export interface Storage {
  /** @param name tells apart what shares one Redis or one bucket */
  placeFor(name: string, directory: string): Place
  /** Ends what was opened. */
  close(): void
}

/** Milliseconds that uploads wait for a process that was killed: as long as a person hardly notices. */
const LEASE_TIME = 2_000

/** Opens what the settings ask for. Rejects with a sentence when Redis or the bucket cannot be used. */
export async function openStorage(settings: Settings, logger: Logger): Promise<Storage> {
  if (settings.s3 !== null) return openBucket(settings.s3, settings.locker === 's3', logger)
  if (settings.store !== 'redis' && settings.locker !== 'redis') {
    return { placeFor: (_name, directory) => localPlace(settings, directory), close: () => {} }
  }
  const client = await connect(settings.redisUrl, logger)
  const lockers: RedisLocker[] = []

  function leasesIn(prefix: string, directory: string): Locker {
    if (settings.locker !== 'redis') return localPlace(settings, directory).locker
    const locker = redisLocker({ client, prefix, leaseTtl: LEASE_TIME })
    lockers.push(locker)
    return locker
  }

  return {
    placeFor(name, directory) {
      const prefix = `tusker:${name}:`
      const locker = leasesIn(prefix, directory)
      if (settings.store === 'redis') return { store: redisStore({ client, prefix }), locker }
      // The bytes in a directory that all hosts see, and all that is known of them in one place.
      return { store: fsStore({ directory, records: redisRecords({ client, prefix }) }), locker }
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
  return {
    store: store === 'memory' ? memoryStore() : fsStore({ directory }),
    // Other processes may serve the same directory, without clients staying with one of them.
    locker: locker === 'file' ? fileLocker({ directory, leaseTtl: LEASE_TIME }) : memoryLocker(),
  }
}

async function connect(url: string, logger: Logger) {
  const client = createClient({ url })
  const refused = new Promise<never>((_, reject) => {
    client.once('error', (error: Error) => {
      reject(new Error(`REDIS_URL: Redis does not answer: ${error.message || error.name}`))
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
