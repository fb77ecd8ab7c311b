import { PIECE } from '../client/keys.ts'

/** Milliseconds after which bytes are written, also when they fill no piece. */
const GATHERED_FOR = 50

/** Bytes that may wait while a write runs. */
const WAITING = 2 * PIECE

/** Gathers bytes and writes them in pieces. */
export interface Batches {
  /** Adds a chunk. Returns a promise to await before the next one, when enough bytes wait. */
  add(chunk: Uint8Array): Promise<void> | null
  /** Resolves once all bytes are written. Throws the error of a failed write. */
  flush(): Promise<void>
  /** Starts no write any more, and resolves once the running one has ended. Never throws. */
  stop(): Promise<void>
}

/**
 * Gathers chunks until they fill a piece, and writes them while the next ones arrive. The bytes of a slow
 * client are written after a moment, so that they are committed.
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

  /** Removes the chunks that fill pieces, or else all chunks. */
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

/** True when the gathered bytes fill a piece that the written bytes do not. */
function fills(written: number, taken: number): boolean {
  return Math.floor(taken / PIECE) > Math.floor(written / PIECE)
}
