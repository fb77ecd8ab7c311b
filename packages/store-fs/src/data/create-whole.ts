import type { NewUpload, UploadRecords, WholeContent } from '@tusker/core'
import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { unlink } from 'node:fs/promises'
import type { Disk } from '../files/disk.ts'
import {
  isCode,
  makeUploadDirectory,
  syncContent,
  syncDirectory,
  withFile,
  writeAll,
} from '../files/disk.ts'

const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL

/**
 * Creates an upload with all its bytes. The data file comes first, with a name that no other upload has, also
 * none with the same id. Then one write creates the record, which names that file. A crash between the two
 * leaves a file that no record names, and a later sweep removes it.
 */
export async function createWhole(
  disk: Disk,
  records: UploadRecords,
  upload: NewUpload,
  { chunks, outcome }: WholeContent,
): Promise<boolean> {
  const data = randomUUID()
  const path = disk.layout.data(upload.id, data)
  const offset = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0)
  const fields = { offset, updatedAt: new Date(), outcome, data }
  let isCreated = false
  try {
    await writeNew(disk, path, chunks)
    isCreated = (await records.createWith?.(upload, fields)) ?? false
  } finally {
    // Not if the record may name the file: a failed reply of a database does not say.
    if (!isCreated) await discard(disk, records, upload.id, path, data)
  }
  return isCreated
}

/** Writes a new file. Creates the directory for the first upload. */
async function writeNew(disk: Disk, path: string, chunks: readonly Uint8Array[]): Promise<void> {
  const { calls, durability } = disk
  try {
    await withFile(calls, path, NEW, async (file) => {
      await writeAll(calls, file, chunks, null)
      if (durability === 'power-loss') await syncContent(file)
    })
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error
    await makeUploadDirectory(disk)
    return writeNew(disk, path, chunks)
  }
  if (durability === 'power-loss') await syncDirectory(path)
}

async function discard(
  disk: Disk,
  records: UploadRecords,
  id: string,
  path: string,
  data: string,
): Promise<void> {
  const record = await records.find(id).catch(() => undefined)
  if (record === undefined || record?.data === data) return
  await unlink(path).catch(() => {})
}
