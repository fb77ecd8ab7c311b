import { PIECE } from '../client/keys.ts'

/** Milliseconds after which what came is written, also if it fills no piece. */
const GATHERED_FOR = 50

/** Bytes that may wait while others are being written. */
const WAITING = 2 * PIECE

/** Bytes on their way into pieces. */
export interface Batches {
  /** Takes a chunk. Returns what to wait for before the next one, if there is enough under way. */
  add(chunk: Uint8Array): Promise<void> | null
  /** Resolves once all that was taken is written. Throws what writing threw. */
  flush(): Promise<void>
  /** Writes nothing more, and resolves once nothing is being written. Never throws. */
  stop(): Promise<void>
}

/**
 * Gathers chunks until they fill a piece, and writes them together while the next ones come in. What
 * comes slowly is written after a moment, so that it counts.
 *
 * @param start the position of the first byte
 * @param write writes bytes at a position. It is called again once it is through.
 */
export function batches(
  start: number,
  write: (bytes: Buffer, start: number) => Promise<void>,
): Batches {
  let chunks: Uint8Array[] = []
  let written = start
  let taken = start
  let writing: Promise<void> | null = null
  let failure: { readonly error: unknown } | null = null
  let timer: NodeJS.Timeout | undefined

  /** Takes what fills pieces, or else all there is, off the chunks. */
  function next(): Buffer {
    const bytes = Buffer.concat(chunks)
    const whole = fills(written, taken) ? taken - (taken % PIECE) - written : bytes.byteLength
    chunks = whole < bytes.byteLength ? [bytes.subarray(whole)] : []
    return bytes.subarray(0, whole)
  }

  async function writeSome(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    try {
      do {
        const bytes = next()
        await write(bytes, written)
        written += bytes.byteLength
      } while (fills(written, taken) && failure === null)
    } catch (error) {
      failure = { error }
    }
    writing = null
    if (taken > written && failure === null) wait()
  }

  function begin(): Promise<void> {
    writing ??= writeSome()
    return writing
  }

  function wait(): void {
    timer ??= setTimeout(() => void begin(), GATHERED_FOR)
  }

  function assertWell(): void {
    if (failure !== null) throw failure.error
  }

  return {
    add(chunk) {
      assertWell()
      if (chunk.byteLength === 0) return null
      chunks.push(chunk)
      taken += chunk.byteLength
      if (writing !== null) return taken - written < WAITING ? null : writing.then(assertWell)
      if (fills(written, taken)) void begin()
      else wait()
      return null
    },
    async flush() {
      await writing
      while (taken > written && failure === null) await begin()
      assertWell()
    },
    async stop() {
      failure ??= { error: new Error('the append is over') }
      clearTimeout(timer)
      await writing
    },
  }
}

/** True when what was taken reaches the end of a piece that what was written does not. */
function fills(written: number, taken: number): boolean {
  return Math.floor(taken / PIECE) > Math.floor(written / PIECE)
}
