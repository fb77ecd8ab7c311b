import type { Awaitable } from '@tusker/core'
import { systemCodeOf } from '@tusker/core'
import * as fs from 'node:fs'
import * as promises from 'node:fs/promises'
import { promisify } from 'node:util'

/** The calls to the file system for short work. A number identifies an open file. */
export interface Calls {
  open(path: string, flags: number): Awaitable<number>
  close(file: number): Awaitable<void>
  /** Writes at `position`, or at the end if that is null. Returns how many bytes were written. */
  write(file: number, chunks: readonly Uint8Array[], position: number | null): Awaitable<number>
  /** Reads into `into` from `position` on. Returns how many bytes were read. */
  read(file: number, into: Uint8Array, position: number): Awaitable<number>
  truncate(file: number, length: number): Awaitable<void>
  /** The length of an open file in bytes. */
  lengthOf(file: number): Awaitable<number>
  /** The length of a file in bytes; null when there is none. */
  lengthAt(path: string): Awaitable<number | null>
  /**
   * The content of an open file, one character for each byte. Null if it may lack what other hosts have written: a
   * network file system shows that only to a file that is opened afterwards.
   */
  currentTextOf(file: number): string | null
  /** The content of a short file, one character for each byte. */
  text(path: string): Awaitable<string>
}

const writev = promisify(fs.writev)
const read = promisify(fs.read)
const fstat = promisify(fs.fstat)

/** Calls that run in threads. They do not block the process, but each costs a change of threads. */
export const pooled: Calls = {
  open: promisify(fs.open),
  close: promisify(fs.close),
  async write(file, chunks, position) {
    return (await writev(file, chunks as Uint8Array[], position ?? undefined)).bytesWritten
  },
  async read(file, into, position) {
    return (await read(file, into, 0, into.byteLength, position)).bytesRead
  },
  truncate: promisify(fs.ftruncate),
  async lengthOf(file) {
    return (await fstat(file)).size
  },
  async lengthAt(path) {
    try {
      return (await promises.stat(path)).size
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return null
      throw error
    }
  },
  currentTextOf: () => null,
  text: textInThreads,
}

/** Synchronous calls. A local file system answers them from memory, in microseconds. */
export const inPlace: Calls = {
  open: fs.openSync,
  close: fs.closeSync,
  write: (file, chunks, position) => fs.writevSync(file, chunks, position ?? undefined),
  read: (file, into, position) => fs.readSync(file, into, 0, into.byteLength, position),
  truncate: fs.ftruncateSync,
  lengthOf: (file) => fs.fstatSync(file).size,
  lengthAt: (path) => fs.statSync(path, { throwIfNoEntry: false })?.size ?? null,
  currentTextOf: (file) => textFrom(file, 0),
  text: textInPlace,
}

/** Bytes that one call reads of a record. Most records are shorter. */
const RECORD = 4 * 1024

/** Like `readFile`, but without a call for the length. */
async function textInThreads(path: string): Promise<string> {
  const file = await pooled.open(path, fs.constants.O_RDONLY)
  try {
    const bytes = Buffer.allocUnsafe(RECORD)
    let text = ''
    for (;;) {
      const { bytesRead } = await read(file, bytes, 0, RECORD, text.length)
      text += bytes.toString('latin1', 0, bytesRead)
      if (bytesRead < RECORD) return text
    }
  } finally {
    await pooled.close(file)
  }
}

const shared = Buffer.allocUnsafeSlow(16 * 1024)

function textFrom(file: number, position: number): string {
  const count = fs.readSync(file, shared, 0, shared.byteLength, position)
  if (count < shared.byteLength) return shared.toString('latin1', 0, count)
  // Copied first: the next call overwrites the same buffer.
  const text = shared.toString('latin1', 0, count)
  return text + textFrom(file, position + count)
}

/** Like `readFileSync`, but without a call for the length and without a buffer for each file. */
function textInPlace(path: string): string {
  const file = fs.openSync(path, fs.constants.O_RDONLY)
  try {
    return textFrom(file, 0)
  } finally {
    fs.closeSync(file)
  }
}
