import type { Calls } from '../files/file-calls.ts'
import { pooled } from '../files/file-calls.ts'
import { writeAll } from '../files/disk.ts'

/** Bytes, and chunks, that are gathered before they are written. */
const BATCH = 256 * 1024
const CHUNKS = 128

/** Up to so many bytes are written by the calls for short work. */
const SHORT = 64 * 1024

/** Bytes on their way into a file. */
export interface BatchWriter {
  /** Takes a chunk. Returns what to wait for before the next one, if there is enough under way. */
  add(chunk: Uint8Array): Promise<void> | null
  /** Resolves once all that was taken is written. Throws what writing threw. */
  flush(): Promise<void>
  /** Resolves once nothing is being written, and never throws. */
  idle(): Promise<void>
}

/** Where a batch writer writes to. */
export interface Target {
  /** For short writes; long ones are handed to a thread, so that bytes come in meanwhile. */
  readonly calls: Calls
  /** The file to write to. Asked for before each write, and may refuse. */
  file(): Promise<number>
  /** The position of the first byte. */
  readonly start: number
  /** Told how far the file reaches without a gap. */
  onWritten(offset: number): void
}

/**
 * Gathers chunks, and writes them together by one `writev` while the next ones come in.
 *
 * A socket delivers 64 KiB at most and a TLS record 16 KiB: written one by one they cost more than the
 * rest of a request. What makes no batch is written by `flush`, for whoever wants it to count.
 */
export function batchWriter({ calls, file, start, onWritten }: Target): BatchWriter {
  let batch: Uint8Array[] = []
  let pending = 0
  let offset = start
  let last: Promise<void> = Promise.resolve()
  let hasFailed = false

  async function write(chunks: readonly Uint8Array[], length: number): Promise<void> {
    const opened = await file()
    await writeAll(length > SHORT ? pooled : calls, opened, chunks, offset, (count) => {
      offset += count
      onWritten(offset)
    })
  }

  /** Writes what was gathered, after what is being written. After a failure nothing is written. */
  function begin(): Promise<void> {
    const [chunks, length] = [batch, pending]
    batch = []
    pending = 0
    last = last.then(() => write(chunks, length))
    // Whoever waits for it hears of a failure; until somebody does it is not unhandled.
    last.catch(() => (hasFailed = true))
    return last
  }

  return {
    add(chunk) {
      // What was flushed for others may have failed with nobody of this append waiting for it.
      if (hasFailed) return last
      batch.push(chunk)
      pending += chunk.byteLength
      if (pending < BATCH && batch.length < CHUNKS) return null
      const previous = last
      void begin()
      return previous
    },
    flush: () => (pending > 0 ? begin() : last),
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
