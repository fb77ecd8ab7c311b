import type { NewUpload } from '@tusker/core'
import type { ObjectHeaders } from './client/port.ts'

/** What the finished object of an upload is called, and what is stored with it. */
export interface ObjectSettings {
  /** The key below the prefix; the id of the upload by default. It may have slashes. */
  readonly key?: string | undefined
  readonly contentType?: string | undefined
  readonly cacheControl?: string | undefined
  readonly contentDisposition?: string | undefined
  /** As `x-amz-meta-` fields. Names of letters, digits and `-`, values of printable ASCII. */
  readonly metadata?: Readonly<Record<string, string>> | undefined
}

/** 1,024 bytes less what a prefix may take. */
const LONGEST_KEY = 800

/** The key of an object, below the prefix, and its header fields. Throws for a key or field that no object can have. */
export function targetOf(
  settings: ObjectSettings,
  upload: NewUpload,
): { readonly key: string; readonly headers: ObjectHeaders } {
  const { key = upload.id, metadata = {} } = settings
  const isKey =
    key !== '' && key.length <= LONGEST_KEY && !key.startsWith('.') && !/(^|\/)(\/|$)/.test(key)
  if (!isKey)
    throw new Error(
      `object: the key ${JSON.stringify(key)} is empty, too long, or begins or ends wrongly`,
    )
  const fields: [string, string | undefined][] = [
    ['content-type', settings.contentType],
    ['cache-control', settings.cacheControl],
    ['content-disposition', settings.contentDisposition],
    ...Object.entries(metadata).map(([name, value]): [string, string] => [
      metadataName(name),
      value,
    ]),
  ]
  const headers: Record<string, string> = {}
  for (const [name, value] of fields) {
    if (value === undefined) continue
    if (!/^[\x20-\x7e]*$/.test(value)) {
      throw new Error(`object: ${name} holds characters that a header field cannot carry`)
    }
    headers[name] = value
  }
  return { key, headers }
}

function metadataName(name: string): string {
  if (!/^[a-z0-9-]+$/i.test(name)) throw new Error(`object: ${name} is no name for metadata`)
  return `x-amz-meta-${name.toLowerCase()}`
}
