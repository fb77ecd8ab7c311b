import type { UploadRecord } from '@tusker/core'
import { constants } from 'node:fs'
import type { Calls } from '../files/file-calls.ts'
import { pooled } from '../files/file-calls.ts'
import type { Disk } from '../files/disk.ts'
import { syncFile, withFile, writeAll } from '../files/disk.ts'
import { damaged } from '../records/record-format.ts'
import { dataPath, openExisting } from './data-file.ts'

/** The size of the copy buffer in bytes. Smaller and larger buffers cost more CPU (decision 0002). */
const BUFFER = 2 ** 20

/** Up to this total, in bytes, the calls for short work copy the parts. */
const SHORT = 64 * 1024

/**
 * Copies the committed bytes of uploads, one upload after the other, into one new file.
 *
 * @returns the length of the new file in bytes
 * @throws UploadError `damaged` when a data file holds fewer bytes than its record says
 */
export async function joinFiles(
  disk: Disk,
  to: string,
  parts: readonly UploadRecord[],
): Promise<number> {
  const total = parts.reduce((sum, { upload }) => sum + upload.offset, 0)
  const calls = total > SHORT ? pooled : disk.calls
  const buffer = Buffer.allocUnsafeSlow(Math.min(BUFFER, total))
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC
  await withFile(calls, to, flags, async (file) => {
    let position = 0
    for (const part of parts) {
      await copyPart({
        calls,
        from: dataPath(disk, part),
        length: part.upload.offset,
        file,
        position,
        buffer,
      })
      position += part.upload.offset
    }
    if (disk.durability === 'power-loss') await syncFile(file)
  })
  return total
}

interface PartCopy {
  readonly calls: Calls
  readonly from: string
  /** How many bytes to copy. Bytes behind them are not committed. */
  readonly length: number
  /** The open file to write to, and the position in it for the first byte. */
  readonly file: number
  readonly position: number
  readonly buffer: Buffer
}

async function copyPart(copy: PartCopy): Promise<void> {
  const { calls, length, file, position, buffer } = copy
  // An upload without bytes may have no data file.
  if (length === 0) return
  const source = await openExisting(calls, copy.from, constants.O_RDONLY)
  try {
    for (let at = 0; at < length; ) {
      const into = buffer.subarray(0, Math.min(buffer.byteLength, length - at))
      const count = await calls.read(source, into, at)
      if (count === 0) throw damaged()
      await writeAll(calls, file, [into.subarray(0, count)], position + at)
      at += count
    }
  } finally {
    await calls.close(source)
  }
}
