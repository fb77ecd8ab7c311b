import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { NewBlob } from './content-tree.ts'
import type { Disk } from './sync-files.ts'
import type { ObjectRecord } from './object-record.ts'
import { withBlob } from './object-record.ts'
import type { Version } from './versions.ts'
import { RECORD } from './versions.ts'

/** Writes the files of a new version: the record, and the blob that it adds. */
export async function writeVersion(
  disk: Disk,
  directory: string,
  { number, record }: Version,
  blob: NewBlob | null,
): Promise<ObjectRecord> {
  const full = await placeBlob(disk, directory, { number, record }, blob)
  await writeRecord(disk, directory, full)
  return full
}

/** Writes the record file of a version. */
export async function writeRecord(
  disk: Disk,
  directory: string,
  record: ObjectRecord,
): Promise<void> {
  await disk.write(join(directory, RECORD), JSON.stringify(record))
}

/** Writes the blob of a new version, if it has one, and returns the record that refers to it. */
export async function placeBlob(
  disk: Disk,
  directory: string,
  { number, record }: Version,
  newBlob: NewBlob | null,
): Promise<ObjectRecord> {
  if (newBlob === null) return record
  const { field, mediaType, fileName, source, upload } = newBlob
  const name = randomUUID()
  await disk.place(source, join(directory, name))
  const file = `${record.uid}/${number}/${name}`
  const modifiedAt = new Date().toISOString()
  const blob = {
    name: field,
    file,
    length: source.length,
    mediaType,
    fileName,
    modifiedAt,
  }
  return withBlob(record, blob, upload)
}
