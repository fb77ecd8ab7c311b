import { constants, createReadStream } from 'node:fs'
import { copyFile, rename } from 'node:fs/promises'
import type { Durability } from './disk.ts'
import { withFile } from './disk.ts'
import { writeBatches } from './write-batches.ts'

/** The first so many bytes of a file. */
export interface Part {
  readonly path: string
  readonly length: number
}

const PIECE = 2 ** 20

/**
 * Puts files together, one after the other, and then into place at once. The kernel copies the first
 * one, without touching its bytes where the file system can share them; Node has no call by which it
 * would copy the others behind it.
 */
export async function joinFiles(
  parts: readonly Part[],
  joining: string,
  to: string,
  durability: Durability,
): Promise<number> {
  const [first, ...others] = parts.filter(({ length }) => length > 0)
  if (first !== undefined) await copyFile(first.path, joining, constants.COPYFILE_FICLONE)
  const flags = constants.O_RDWR | constants.O_CREAT | (first === undefined ? constants.O_TRUNC : 0)
  const length = await withFile(joining, flags, async (file) => {
    let offset = first?.length ?? 0
    await file.truncate(offset)
    for (const part of others) {
      await writeBatches(file, offset, contentOf(part), (reached) => {
        offset = reached
      })
    }
    if (durability === 'power-loss') await file.sync()
    return offset
  })
  await rename(joining, to)
  return length
}

function contentOf({ path, length }: Part): AsyncIterable<Uint8Array> {
  return createReadStream(path, { end: length - 1, highWaterMark: PIECE })
}
