export { redisLocker } from './redis-locker.ts'
export type { LockerClient } from './lease-subscriber.ts'
export type { RedisLocker, RedisLockerOptions } from './redis-locker.ts'
export { redisStore } from './redis-store.ts'
export type { RedisStore, RedisStoreOptions } from './redis-store.ts'
export { redisRecords } from './redis-records.ts'
export type {
  RedisRecord,
  RedisRecordChange,
  RedisRecords,
  RedisRecordsOptions,
} from './redis-records.ts'
export type { RedisClient } from './commands.ts'
