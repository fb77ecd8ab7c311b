import type { RecordChange, UploadRecord, UploadRecords } from '@tusker/core'
import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { dataPath } from './data-file.ts'
import type { Disk } from '../files/disk.ts'
import { syncDirectory } from '../files/disk.ts'
import { assertHolds, recordOf } from '../records/file-records.ts'

/** How the bytes of an upload get another file. */
export interface Move {
  readonly token: number | null
  /** Makes the file. Nobody else knows of it yet. */
  make(path: string): Promise<void>
  /** What else changes with it, in the same step. */
  change(): RecordChange
}

/**
 * Gives the bytes of an upload another file, by a change of its record. Nothing is renamed over anything:
 * of somebody who was overtaken, whenever it goes on, that change does not count, and what it made and what
 * it takes away are files that nobody looks for.
 */
export async function moveBytes(
  disk: Disk,
  records: UploadRecords,
  record: UploadRecord,
  move: Move,
): Promise<void> {
  const { id } = record.upload
  const data = randomUUID()
  const path = disk.layout.data(id, data)
  await mkdir(disk.layout.directory, { recursive: true })
  try {
    await asHolder(records, id, move.token, () => move.make(path))
    if (disk.durability === 'power-loss') await syncDirectory(path)
  } catch (error) {
    await discard(path)
    throw error
  }
  try {
    await records.change(id, move.token, { ...move.change(), data })
  } catch (error) {
    // The change may have been made all the same, or may still be, unless somebody else is noted by now.
    if (await isOutdated(records, record, data)) await discard(path)
    throw error
  }
  await discard(dataPath(disk, record))
}

/** True when no change by whoever found this record can come to count any more, and none has. */
async function isOutdated(
  records: UploadRecords,
  { upload, token }: UploadRecord,
  data: string,
): Promise<boolean> {
  const now = await records.find(upload.id).catch(() => undefined)
  return now === null || (now !== undefined && now.token > token && now.data !== data)
}

/** What stays is cleared away with the upload. */
async function discard(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => {})
}

/** Refuses whoever was overtaken as such, also when what it notices first is that its files are gone. */
export async function asHolder<Result>(
  records: UploadRecords,
  id: string,
  token: number | null,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    assertHolds(token, (await recordOf(records, id)).token)
    throw error
  }
}

/** Uses the bytes of an upload, and once more if they were given another file meanwhile. */
export async function whereverMoved<Result>(
  records: UploadRecords,
  record: UploadRecord,
  use: (record: UploadRecord) => Promise<Result>,
): Promise<Result> {
  try {
    return await use(record)
  } catch (error) {
    const now = await records.find(record.upload.id)
    if (now === null || now.data === record.data) throw error
    return whereverMoved(records, now, use)
  }
}
