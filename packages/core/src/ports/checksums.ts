import type { Awaitable } from './hooks.ts'

/** Digests, supplied from outside: no runtime-neutral API hashes a stream. */
export interface ChecksumProvider {
  /** Names as tus 1.0 writes them: `md5`, `sha1`, `crc32`, … */
  readonly algorithms: readonly string[]
  /** Called with one of `algorithms` only. */
  start(algorithm: string): Awaitable<RunningChecksum>
}

/** A digest being computed. */
export interface RunningChecksum {
  /** Called for each chunk, in order. */
  update(chunk: Uint8Array): void
  /** Called once, after the last `update`. */
  digest(): Uint8Array
}
