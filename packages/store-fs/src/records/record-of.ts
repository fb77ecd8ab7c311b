import type { UploadRecord, UploadRecords } from '@tusker/core'
import { UploadError } from '@tusker/core'

/** The records of a store. Only those of the directory itself may know a record under a lease without a read. */
export type StoreRecords = UploadRecords & {
  findUnder?(id: string, token: number | null): Promise<UploadRecord | null>
}

/** The record of an upload for the holder of its lease. Throws `not_found` when there is no record. */
export async function recordUnder(
  records: StoreRecords,
  id: string,
  token: number | null,
): Promise<UploadRecord> {
  if (records.findUnder === undefined) return recordOf(records, id)
  const record = await records.findUnder(id, token)
  if (record === null) throw unknown()
  return record
}

/** Throws `UploadError` `not_found` when there is no record. */
export async function recordOf<Found extends UploadRecord>(
  records: { find(id: string): Promise<Found | null> },
  id: string,
): Promise<Found> {
  const record = await records.find(id)
  if (record === null) throw unknown()
  return record
}

function unknown(): UploadError {
  return new UploadError('not_found', 'there is no such upload')
}

/** Throws `interrupted` for a stale holder: one whose token is below `last`, the newest token. */
export function assertHolds(token: number | null, last: number): void {
  if (token !== null && token < last) throw stale()
}

function stale(): UploadError {
  return new UploadError('interrupted', 'another request took this upload over')
}
