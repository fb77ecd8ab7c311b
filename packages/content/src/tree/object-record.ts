/** What the disk says about a blob. */
export interface BlobRecord {
  readonly name: string
  /** The file that holds the bytes, relative to the object's directory. */
  readonly file: string
  readonly length: number
  readonly mediaType: string
  readonly fileName: string | null
  readonly modifiedAt: string
}

/** What the disk says about an object, less what its place says: its id and path. */
export interface ObjectRecord {
  readonly uid: string
  readonly type: string
  readonly title: string | null
  readonly container: boolean
  readonly createdAt: string
  readonly modifiedAt: string
  readonly primaryField: string | null
  readonly fields: readonly BlobRecord[]
  /** The uploads that went into it, the latest last. */
  readonly uploads: readonly string[]
}

/** How many uploads an object remembers: more than can ever wait to be brought a second time. */
const REMEMBERED_UPLOADS = 100

/** A record with one field filled anew by an upload. A file name that is not given stays. */
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
