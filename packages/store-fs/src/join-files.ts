import type { UploadInfo } from '@tusker/core'
import { constants } from 'node:fs'
import { pooled } from './calls.ts'
import { readRange } from './data-file.ts'
import type { Disk } from './disk.ts'
import { replace, syncDirectory, syncFile, withFile } from './disk.ts'
import { copyByKernel } from './kernel-copy.ts'
import { batchWriter, writeBatches } from './write-batches.ts'

/** From so many bytes on it pays to have the kernel copy them. */
const LARGE = 8 * 2 ** 20

/**
 * Puts the bytes of uploads together, one after the other, and then into place at once, as the bytes
 * of `id`. Each attempt has a file of its own: an earlier one may still be going on somewhere.
 *
 * @returns how many bytes there are
 */
export async function joinFiles(
  disk: Disk,
  id: string,
  parts: readonly UploadInfo[],
): Promise<number> {
  const to = disk.layout.data(id)
  let length = 0
  await replace(to, async (joining) => {
    length = (await joinByKernel(disk, joining, parts)) ?? (await addAll(disk, joining, 0, parts))
  })
  if (disk.durability === 'power-loss') await syncDirectory(to)
  return length
}

/** Null where that is not possible, or not worth it. */
async function joinByKernel(
  disk: Disk,
  joining: string,
  parts: readonly UploadInfo[],
): Promise<number | null> {
  const total = parts.reduce((sum, { offset }) => sum + offset, 0)
  if (total < LARGE || !(await areExact(disk, parts))) return null
  const paths = parts.filter(({ offset }) => offset > 0).map(({ id }) => disk.layout.data(id))
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC
  return withFile(pooled, joining, flags, async (file) => {
    if (!(await copyByKernel(paths, file))) return null
    const length = await pooled.lengthOf(file)
    if (length !== total) throw new Error(`${length} bytes were joined, not ${total}`)
    if (disk.durability === 'power-loss') await syncFile(file)
    return length
  })
}

/** True when no file holds more than the bytes that count: whole files are copied. */
async function areExact(disk: Disk, parts: readonly UploadInfo[]): Promise<boolean> {
  for (const { id, offset } of parts) {
    if (offset > 0 && (await pooled.lengthAt(disk.layout.data(id))) !== offset) return false
  }
  return true
}

/** Adds the bytes of uploads to a file of which the first `start` bytes stay. */
async function addAll(
  disk: Disk,
  path: string,
  start: number,
  parts: readonly UploadInfo[],
): Promise<number> {
  return withFile(pooled, path, constants.O_WRONLY | constants.O_CREAT, async (file) => {
    await pooled.truncate(file, start)
    let reached = start
    const writer = batchWriter({
      ...{ calls: disk.calls, file: () => Promise.resolve(file), start },
      onWritten: (offset) => (reached = offset),
    })
    try {
      await writeBatches(writer, contentOf(disk, parts))
    } finally {
      await writer.idle()
    }
    if (disk.durability === 'power-loss') await syncFile(file)
    return reached
  })
}

async function* contentOf(disk: Disk, parts: readonly UploadInfo[]): AsyncGenerator<Uint8Array> {
  for (const { id, offset } of parts) {
    if (offset > 0) yield* readRange(disk, id, 0, offset)
  }
}
