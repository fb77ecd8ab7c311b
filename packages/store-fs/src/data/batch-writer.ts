import type { Awaitable } from '@tusker/core'
import type { Calls } from '../files/file-calls.ts'
import { pooled } from '../files/file-calls.ts'
import { writeAll } from '../files/disk.ts'

/** A batch is written once it has this many bytes, or this many chunks. */
const BATCH = 256 * 1024
const CHUNKS = 128

/** Up to this size in bytes, the calls for short work write a batch. */
const SHORT = 64 * 1024

/** Writes chunks to a file in batches. */
export interface BatchWriter {
  /** Adds a chunk. Returns a promise to wait for before the next chunk; null when more fits the batch. */
  add(chunk: Uint8Array): Promise<void> | null
  /** Resolves once all chunks are written. Rejects with the error of a failed write. */
  flush(): Promise<void>
  /** Resolves once no write is running. Never rejects. */
  idle(): Promise<void>
}

/** The file that a batch writer writes to. */
export interface Target {
  /** The calls for short writes. Long writes run in a thread, so that more bytes can arrive meanwhile. */
  readonly calls: Calls
  /**
   * Returns the file to write to. Called before each write; may fail, which ends the writing.
   *
   * @param isFlush true when the caller of `flush` commits these bytes at once
   */
  file(isFlush: boolean): Awaitable<number>
  /** The position of the first byte. */
  readonly start: number
  /** Called after each write with the offset up to which the file has no gap. */
  onWritten(offset: number): void
}

/**
 * Collects chunks and writes each batch by one `writev` while the next chunks arrive.
 *
 * A socket delivers at most 64 KiB at a time, and a TLS record 16 KiB. To write each of them alone would
 * cost more than the rest of a request. `flush` writes an incomplete batch, so that it can be committed.
 */
export function batchWriter({ calls, file, start, onWritten }: Target): BatchWriter {
  let batch: Uint8Array[] = []
  let pending = 0
  let offset = start
  let last: Promise<void> = Promise.resolve()
  let hasFailed = false

  async function write(
    chunks: readonly Uint8Array[],
    length: number,
    isFlush: boolean,
  ): Promise<void> {
    const opened = await file(isFlush)
    await writeAll(length > SHORT ? pooled : calls, opened, chunks, offset, (count) => {
      offset += count
      onWritten(offset)
    })
  }

  /** Writes the batch once the previous write is done. After a failed write it writes nothing. */
  function begin(isFlush: boolean): Promise<void> {
    const [chunks, length] = [batch, pending]
    batch = []
    pending = 0
    last = last.then(() => write(chunks, length, isFlush))
    // The next caller that waits for it gets the error. Until then it must not be an unhandled rejection.
    last.catch(() => (hasFailed = true))
    return last
  }

  return {
    add(chunk) {
      // A flush by another caller may have failed, and this append has not seen the error yet.
      if (hasFailed) return last
      batch.push(chunk)
      pending += chunk.byteLength
      if (pending < BATCH && batch.length < CHUNKS) return null
      const previous = last
      void begin(false)
      return previous
    },
    flush: () => (pending > 0 ? begin(true) : last),
    idle: () => last.catch(() => {}),
  }
}

/** Writes all of these bytes. */
export async function writeBatches(
  writer: BatchWriter,
  bytes: AsyncIterable<Uint8Array>,
): Promise<void> {
  for await (const chunk of bytes) {
    const enough = writer.add(chunk)
    if (enough !== null) await enough
  }
  await writer.flush()
}
