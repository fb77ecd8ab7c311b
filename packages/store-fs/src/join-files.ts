import type { UploadInfo } from '@tusker/core'
import { constants } from 'node:fs'
import { copyFile, rename } from 'node:fs/promises'
import { pooled } from './calls.ts'
import { readRange } from './data-file.ts'
import type { Disk } from './disk.ts'
import { syncDirectory, syncFile, withFile } from './disk.ts'
import { batchWriter, writeBatches } from './write-batches.ts'

/** From so many bytes on it pays to have the kernel copy the first part. */
const LARGE = 2 ** 20

/**
 * Puts the bytes of uploads together, one after the other, and then into place at once, as the bytes
 * of `id`. The kernel copies the first part, without touching its bytes where the file system can share
 * them; Node has no call by which it would copy the others behind it.
 *
 * @returns how many bytes there are
 */
export async function joinFiles(
  disk: Disk,
  id: string,
  parts: readonly UploadInfo[],
): Promise<number> {
  const [first, ...others] = parts
  const to = disk.layout.data(id)
  const joining = disk.layout.joining(id)
  const length =
    first !== undefined && first.offset >= LARGE
      ? await joinBehind(disk, joining, first, others)
      : await addAll(disk, joining, 0, parts)
  await rename(joining, to)
  if (disk.durability === 'power-loss') await syncDirectory(to)
  return length
}

async function joinBehind(
  disk: Disk,
  joining: string,
  first: UploadInfo,
  others: readonly UploadInfo[],
): Promise<number> {
  await copyFile(disk.layout.data(first.id), joining, constants.COPYFILE_FICLONE)
  return addAll(disk, joining, first.offset, others)
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
