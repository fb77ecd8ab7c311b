import type { ContentStore } from '@tusker/content'
import type { Locker, OptionalOperation, StoreWith } from '@tusker/core'
import { memoryLocker } from '@tusker/core'
import { fileLocker, fsStore } from '@tusker/store-fs'
import { memoryStore } from '@tusker/store-memory'
import type { RedisLocker } from '@tusker/store-redis'
import { redisLocker, redisRecords, redisStore } from '@tusker/store-redis'
import { createClient } from '@redis/client'
import type { Logger } from 'pino'
import type { Settings } from './settings.ts'

/** Where uploads are kept, and who may change them. */
export interface Place {
  readonly store: ContentStore & StoreWith<OptionalOperation>
  readonly locker: Locker
}

/** The places that the settings ask for. */
export interface Storage {
  /** @param name tells apart what shares one Redis */
  placeFor(name: string, directory: string): Place
  /** Ends what was opened. */
  close(): void
}

/** Milliseconds that uploads wait for a process that was killed: as long as a person hardly notices. */
const LEASE_TIME = 2_000

/** Opens what the settings ask for. Rejects, with a sentence, when Redis cannot be reached. */
export async function openStorage(settings: Settings, logger: Logger): Promise<Storage> {
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
