// For tests of this repository only: what is published does not have it.
export { describeRedis } from './redis-binary.ts'
export { startRedis } from './redis-server.ts'
export type { RedisServer } from './redis-server.ts'
