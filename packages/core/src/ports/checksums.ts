import type { Awaitable } from './hooks.ts'

/** Computes digests. The application passes it in, because no API of all runtimes hashes a stream. */
export interface ChecksumProvider {
  /** The names of the algorithms as in tus 1.0: `md5`, `sha1`, `crc32`, … */
  readonly algorithms: readonly string[]
  /** The engine calls this only with one of `algorithms`. */
  start(algorithm: string): Awaitable<RunningChecksum>
}

/** The computation of one digest. */
export interface RunningChecksum {
  /** Called for each chunk, in order. */
  update(chunk: Uint8Array): void
  /** Called once, after the last `update`. */
  digest(): Uint8Array
}
