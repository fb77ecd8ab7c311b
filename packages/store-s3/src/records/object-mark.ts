import type { ObjectHeaders } from '../client/port.ts'
import type { S3Record } from './record.ts'

/** The field of a finished object that says of which upload it is. */
const MARK = 'tusker-upload'

/** The header fields of the finished object. */
export function objectHeaders(record: Pick<S3Record, 'headers' | 'mark'>): ObjectHeaders {
  return { ...record.headers, [`x-amz-meta-${MARK}`]: record.mark }
}

/** True when the object with these metadata was made of this upload. */
export function isObjectOf(record: S3Record, metadata: ReadonlyMap<string, string>): boolean {
  return metadata.get(MARK) === record.mark
}
