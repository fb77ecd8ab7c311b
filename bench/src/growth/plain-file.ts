import { open } from 'node:fs/promises'

/** Bytes that one call writes, as the store does. */
const BATCH = 256 * 1024

/** Writes chunks to a file from a position on, in batches: the least that an append can cost. */
export async function writePlainly(
  path: string,
  start: number,
  chunks: Iterable<Uint8Array>,
): Promise<void> {
  const file = await open(path, start === 0 ? 'w' : 'r+')
  try {
    let at = start
    let batch: Uint8Array[] = []
    let pending = 0
    for (const chunk of chunks) {
      batch.push(chunk)
      pending += chunk.byteLength
      if (pending < BATCH) continue
      await file.writev(batch, at)
      at += pending
      batch = []
      pending = 0
    }
    if (pending > 0) await file.writev(batch, at)
  } finally {
    await file.close()
  }
}
