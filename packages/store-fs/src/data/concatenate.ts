import type { UploadRecord } from '@tusker/core'
import { constants } from 'node:fs'
import { pooled } from '../files/file-calls.ts'
import { dataPath, openRange } from './data-file.ts'
import type { Disk } from '../files/disk.ts'
import { syncFile, withFile } from '../files/disk.ts'
import { copyByKernel } from './kernel-copy.ts'
import { batchWriter, writeBatches } from './batch-writer.ts'

/** From so many bytes on it pays to have the kernel copy them. */
const LARGE = 8 * 2 ** 20

/**
 * Puts the bytes of uploads together, one after the other, in a file of their own.
 *
 * @returns how many bytes there are
 */
export async function joinFiles(
  disk: Disk,
  to: string,
  parts: readonly UploadRecord[],
): Promise<number> {
  return (await joinByKernel(disk, to, parts)) ?? (await addAll(disk, to, parts))
}

/** Null where that is not possible, or not worth it. */
async function joinByKernel(
  disk: Disk,
  joining: string,
  parts: readonly UploadRecord[],
): Promise<number | null> {
  const total = parts.reduce((sum, { upload }) => sum + upload.offset, 0)
  if (total < LARGE || !(await areExact(disk, parts))) return null
  const paths = parts.filter(({ upload }) => upload.offset > 0).map((part) => dataPath(disk, part))
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
async function areExact(disk: Disk, parts: readonly UploadRecord[]): Promise<boolean> {
  for (const part of parts) {
    const { offset } = part.upload
    if (offset > 0 && (await pooled.lengthAt(dataPath(disk, part))) !== offset) return false
  }
  return true
}

async function addAll(disk: Disk, path: string, parts: readonly UploadRecord[]): Promise<number> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC
  return withFile(pooled, path, flags, async (file) => {
    let reached = 0
    const writer = batchWriter({
      calls: disk.calls,
      file: () => Promise.resolve(file),
      start: 0,
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

async function* contentOf(disk: Disk, parts: readonly UploadRecord[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    const { offset } = part.upload
    if (offset > 0) yield* (await openRange(disk, part, 0, offset)).read()
  }
}
