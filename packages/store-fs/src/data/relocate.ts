import type { RecordChange, UploadRecord, UploadRecords } from '@tusker/core'
import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { dataPath } from './data-file.ts'
import type { Disk } from '../files/disk.ts'
import { syncDirectory } from '../files/disk.ts'
import { assertHolds, recordOf } from '../records/record-of.ts'

/** How to move the bytes of an upload to another file. */
export interface Move {
  readonly token: number | null
  /** Creates the file. No other process knows its name yet. */
  make(path: string): Promise<void>
  /** The other changes of the record that are made in the same step. */
  change(): RecordChange
}

/**
 * Moves the bytes of an upload to another file, by a change of its record. No rename replaces a file. So a
 * stale holder may continue at any time: its change is not accepted, and it creates and removes only files
 * that no record names.
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
    // The change may still have reached the record, or may reach it later, unless a later holder is noted.
    if (await isOutdated(records, record, data)) await discard(path)
    throw error
  }
  await discard(dataPath(disk, record))
}

/** True when the record will never name `data`: a later holder is noted, or the upload was removed. */
async function isOutdated(
  records: UploadRecords,
  { upload, token }: UploadRecord,
  data: string,
): Promise<boolean> {
  const now = await records.find(upload.id).catch(() => undefined)
  return now === null || (now !== undefined && now.token > token && now.data !== data)
}

/** Removes a file. If that fails, the removal of the upload or a sweep removes the file later. */
async function discard(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => {})
}

/**
 * Does the work of a lease holder. If it fails because a later holder moved the files, a stale holder gets
 * the error that its lease is lost.
 */
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

/** Uses the bytes of an upload. Tries again if a lease holder moved them to another file meanwhile. */
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
