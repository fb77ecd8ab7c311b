import { randomUUID } from 'node:crypto'

/** A blob as it is recorded on the disk. */
export interface BlobRecord {
  readonly name: string
  /** The file with the bytes, relative to the object's directory: uid, version, file name. */
  readonly file: string
  readonly length: number
  readonly mediaType: string
  readonly fileName: string | null
  readonly modifiedAt: string
}

/** An object as it is recorded on the disk. Its id and path follow from the directory it is in. */
export interface ObjectRecord {
  readonly uid: string
  readonly type: string
  readonly title: string | null
  readonly container: boolean
  readonly createdAt: string
  readonly modifiedAt: string
  readonly primaryField: string | null
  readonly fields: readonly BlobRecord[]
  /** The ids of the uploads that went into it, the latest last. */
  readonly uploads: readonly string[]
}

/** Ids of uploads that an object remembers: more than can ever wait for a second attempt. */
const REMEMBERED_UPLOADS = 100

/** A record for a new object. */
export function newRecord(
  object: Pick<ObjectRecord, 'type' | 'title' | 'container' | 'primaryField'>,
): ObjectRecord {
  const now = new Date().toISOString()
  return {
    uid: randomUUID(),
    ...object,
    createdAt: now,
    modifiedAt: now,
    fields: [],
    uploads: [],
  }
}

/** A record with one field filled anew by an upload. The field keeps its file name if none is given. */
export function withBlob(record: ObjectRecord, blob: BlobRecord, upload: string): ObjectRecord {
  const earlier = record.fields.find(({ name }) => name === blob.name)
  const fileName = blob.fileName ?? earlier?.fileName ?? null
  return {
    ...record,
    modifiedAt: blob.modifiedAt,
    fields: [...record.fields.filter((field) => field !== earlier), { ...blob, fileName }],
    uploads: [...record.uploads, upload].slice(-REMEMBERED_UPLOADS),
  }
}

/** The uid of the object, a version, and the name of a file. */
const BLOB_FILE = /^[\da-f-]{36}\/[1-9]\d{0,14}\/[\da-f-]{36}$/

/**
 * Reads a record. A backup or an operator may have changed it, so the names of files are checked: no
 * record leads out of its object's directory.
 *
 * @throws Error when it is damaged
 */
export function parseRecord(text: string): ObjectRecord {
  const record = JSON.parse(text) as ObjectRecord
  const isSound =
    Array.isArray(record.uploads) &&
    Array.isArray(record.fields) &&
    record.fields.every(isBlobRecord)
  if (!isSound) throw new Error('the record of an object is damaged')
  return record
}

function isBlobRecord(blob: BlobRecord): boolean {
  return BLOB_FILE.test(blob.file) && Number.isSafeInteger(blob.length) && blob.length >= 0
}
