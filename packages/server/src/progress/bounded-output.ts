import type { Terminal } from './terminal-lines.ts'

/** The part of a stream that is used. */
export interface OutputStream extends Terminal {
  /** Bytes that its reader has not taken yet. */
  readonly writableLength: number
}

/** Bytes that may wait for a reader that is slow or has stopped. */
const ROOM = 8 * 1024 * 1024

/**
 * Writes to a stream while its reader keeps up. When too much waits, texts are dropped: a reader that stops must not
 * fill the memory of the server.
 */
export function boundedOutput(stream: OutputStream, room = ROOM): Terminal {
  return {
    get rows() {
      return stream.rows ?? 0
    },
    write: (text) => stream.writableLength <= room && stream.write(text),
  }
}
