import { describe, inject, it } from 'vitest'
import type { RedisProgram } from './redis.ts'

/** A server to start, or the reason why there is none and whether the environment requires one. */
export type FoundRedis = RedisProgram | { readonly missing: string; readonly required: boolean }

declare module 'vitest' {
  interface ProvidedContext {
    readonly redis: FoundRedis
  }
}

/** The server that the tests start. Only within `describeRedis`. */
export function redisBinary(): RedisProgram {
  const found = inject('redis')
  if ('missing' in found) throw new Error(found.missing)
  return found
}

/**
 * Tests that need a real Redis. The tests are skipped if there is none, and the setup prints the reason.
 * They fail instead if the environment requires Redis.
 */
export function describeRedis(name: string, tests: () => void): void {
  const found = inject('redis')
  if (!('missing' in found)) {
    describe(name, tests)
  } else if (found.required) {
    it(name, () => Promise.reject(new Error(found.missing)))
  } else {
    describe.skip(name, tests)
  }
}
