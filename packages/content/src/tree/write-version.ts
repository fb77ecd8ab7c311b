import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { NewBlob } from './content-tree.ts'
import type { Disk } from './sync-files.ts'
import type { ObjectRecord } from './object-record.ts'
import { withBlob } from './object-record.ts'
import type { Version } from './versions.ts'
import { RECORD } from './versions.ts'

/** Fills a directory that is to become a version: with the record, and with the blob it gains. */
export async function writeVersion(
  disk: Disk,
  directory: string,
  { number, record }: Version,
  blob: NewBlob | null,
): Promise<ObjectRecord> {
  const full = blob === null ? record : await filled(disk, directory, { number, record }, blob)
  await disk.write(join(directory, RECORD), JSON.stringify(full))
  return full
}

async function filled(
  disk: Disk,
  directory: string,
  { number, record }: Version,
  { field, mediaType, fileName, source, upload }: NewBlob,
): Promise<ObjectRecord> {
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
