import { checkOptions } from './client/check-options.ts'
import type { LockerClient } from './client/subscriber.ts'
import type { RedisLocker, RedisLockerOptions } from './locker/redis-locker.ts'
import { redisLocker } from './locker/redis-locker.ts'
import type { RedisStore, RedisStoreOptions } from './store/redis-store.ts'
import { redisStore } from './store/redis-store.ts'

/** The options of `redisUploads`. */
export interface RedisUploadsOptions
  extends Omit<RedisStoreOptions, 'client'>,
    Pick<RedisLockerOptions, 'leaseTtl'> {
  /** The application connects and closes it. The locker opens one more connection, for messages. */
  readonly client: LockerClient
}

/** A store, and the locker that belongs to it. */
export interface RedisUploads {
  readonly store: RedisStore
  /** Close it when the upload server is closed. */
  readonly locker: RedisLocker
}

/**
 * Keeps uploads in Redis or Valkey, 6.2 or later: a store, and a locker over keys with the same prefix, so
 * that any number of processes can serve the uploads. Pass both to the upload server:
 * `createUploadServer({ path: '/files', ...redisUploads({ client }) })`.
 *
 * @throws TypeError when an option is missing, unknown or not valid
 */
export function redisUploads(options: RedisUploadsOptions): RedisUploads {
  checkOptions('redisUploads', options, [
    'client',
    'prefix',
    'maxLength',
    'ttl',
    'expireEndedAfter',
    'commandTimeout',
    'leaseTtl',
  ])
  const { leaseTtl, ...forStore } = options
  const { client, prefix } = options
  return {
    store: redisStore(forStore),
    locker: redisLocker({
      client,
      ...(prefix === undefined ? {} : { prefix }),
      ...(leaseTtl === undefined ? {} : { leaseTtl }),
    }),
  }
}
