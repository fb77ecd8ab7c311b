import type { FileHandle } from 'node:fs/promises'
import { open } from 'node:fs/promises'
import type { OpenBlob } from './content-tree.ts'
import { orNull } from './fs-errors.ts'

const CHUNK_BYTES = 256 * 1024

/** Opens a file for one reader; null when it is gone. */
export async function openBlob(path: string): Promise<OpenBlob | null> {
  const file = await orNull(open(path, 'r'))
  if (file === null) return null
  return {
    read: (start, end) => readRange(file, start, end),
    close: () => file.close(),
  }
}

async function* readRange(
  file: FileHandle,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  let position = start
  while (position < end) {
    const chunk = new Uint8Array(Math.min(CHUNK_BYTES, end - position))
    const { bytesRead } = await file.read(chunk, 0, chunk.byteLength, position)
    if (bytesRead === 0) throw new Error('a blob is shorter than its record says')
    yield chunk.subarray(0, bytesRead)
    position += bytesRead
  }
}
