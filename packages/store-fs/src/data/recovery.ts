import type { UploadRecord } from '@tusker/core'
import { constants } from 'node:fs'
import { pooled } from '../files/file-calls.ts'
import type { Disk } from '../files/disk.ts'
import { syncFile, withFile } from '../files/disk.ts'
import { dataPath } from './data-file.ts'

/**
 * Ends the note of a writer whose bytes need no verification. It wrote them one after the other, and
 * nothing was behind them in the file when it noted this. So if its process is dead and the system is
 * still the same, all bytes of the file are the client's.
 */
export const RECOVERABLE = '#plain'

/** The note of a file whose bytes could not be synced: those that are not committed may be lost. */
export const UNTRUSTED = '#unsynced'

export const isRecoverable = (writer: string): boolean => writer.endsWith(RECOVERABLE)

export const isUntrusted = (writer: string): boolean => writer === UNTRUSTED

/** The record with the offset that the file of a dead writer reaches. Changes nothing that is stored. */
export async function recovered(disk: Disk, record: UploadRecord): Promise<UploadRecord> {
  const { upload } = record
  const path = dataPath(disk, record)
  const reached = (await disk.calls.lengthAt(path)) ?? 0
  const offset = Math.min(reached, upload.length ?? reached)
  if (offset <= upload.offset) return record
  // What is reported must be as safe as what is committed.
  if (disk.durability === 'power-loss') await withFile(pooled, path, constants.O_RDWR, syncFile)
  return { ...record, upload: { ...upload, offset } }
}
