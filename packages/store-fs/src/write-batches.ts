import type { FileHandle } from 'node:fs/promises'

/** Bytes gathered before receiving waits for the disk. */
const BATCH = 256 * 1024

/**
 * Writes bytes from `start` on, and tells through `onWritten` how far the file reaches without a gap.
 *
 * A socket delivers 64 KiB at most and a TLS record 16 KiB: written one by one they cost more than the
 * rest of a request. So chunks are gathered, and go out together in one `writev` while the next ones
 * come in. What is there at the end of an event-loop turn goes out then: a slow sender is not held back.
 *
 * @throws what writing throws; what `onWritten` told by then is in the file
 */
export async function writeBatches(
  file: FileHandle,
  start: number,
  bytes: AsyncIterable<Uint8Array>,
  onWritten: (offset: number) => void,
): Promise<void> {
  const writer = batchWriter(file, start, onWritten)
  for await (const chunk of bytes) {
    if (writer.add(chunk) >= BATCH) await writer.written()
    if (writer.hasFailed()) break
  }
  await writer.written()
}

interface BatchWriter {
  /** Takes a chunk and returns how many bytes wait to be written. */
  add(chunk: Uint8Array): number
  /** Resolves once all that was taken is written. Throws what writing threw. */
  written(): Promise<void>
  hasFailed(): boolean
}

function batchWriter(
  file: FileHandle,
  start: number,
  onWritten: (offset: number) => void,
): BatchWriter {
  let batch: Uint8Array[] = []
  let pending = 0
  let offset = start
  let failed = false
  let turn: ReturnType<typeof setImmediate> | null = null
  /** The writing of all batches so far. */
  let writing: Promise<void> | null = null

  async function writeAllBatches(): Promise<void> {
    try {
      while (batch.length > 0) {
        const chunks = batch
        batch = []
        pending = 0
        await writeAll(file, chunks, offset, (reached) => {
          offset = reached
          onWritten(offset)
        })
      }
      writing = null
    } catch (error) {
      failed = true
      throw error
    }
  }

  function begin(): void {
    if (turn !== null) clearImmediate(turn)
    turn = null
    if (writing !== null || batch.length === 0) return
    writing = writeAllBatches()
    // Whoever waits for it hears of a failure; until somebody does it is not unhandled.
    writing.catch(() => {})
  }

  return {
    add(chunk) {
      batch.push(chunk)
      pending += chunk.byteLength
      if (writing === null) turn ??= setImmediate(begin)
      return pending
    },
    async written() {
      begin()
      await writing
    },
    hasFailed: () => failed,
  }
}

async function writeAll(
  file: FileHandle,
  chunks: readonly Uint8Array[],
  start: number,
  onWritten: (offset: number) => void,
): Promise<void> {
  let left = chunks
  let offset = start
  while (left.length > 0) {
    // A disk that fills up, or a limit, may let a part of it through before the next call fails.
    const { bytesWritten } = await file.writev(left as Uint8Array[], offset)
    if (bytesWritten === 0) throw new Error('the disk takes no more bytes')
    offset += bytesWritten
    onWritten(offset)
    left = without(left, bytesWritten)
  }
}

function without(chunks: readonly Uint8Array[], written: number): readonly Uint8Array[] {
  let skip = written
  return chunks.flatMap((chunk) => {
    const gone = Math.min(skip, chunk.byteLength)
    skip -= gone
    return gone === chunk.byteLength ? [] : [chunk.subarray(gone)]
  })
}
