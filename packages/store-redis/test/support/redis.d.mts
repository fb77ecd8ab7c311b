/** A server to start, with which variables. */
interface RedisProgram {
  readonly bin: string
  readonly env: Readonly<Record<string, string>>
  readonly version: string
}

/** Finds a Redis or Valkey server, fetching it first where that is possible. Throws what to do else. */
export function ensureRedis(): RedisProgram
