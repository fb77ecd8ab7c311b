import { UploadError } from '@tusker/core'
import type { Asked, LeaseNote, S3Record } from '../records/record.ts'
import { newName } from '../records/record.ts'

/** The record with a new lease. Its token is above all earlier ones, so earlier holders are fenced off. */
export function withNewLease(record: S3Record, holder: string, ttl: number): S3Record {
  return {
    ...record,
    token: record.token + 1,
    lease: { holder, ttl, beat: newName(), silence: 0, asked: 'nothing' },
  }
}

/** The record after a write of the holder of its lease, which renews the lease. */
export function renewed(record: S3Record): S3Record {
  const { lease } = record
  return lease === null ? record : { ...record, lease: { ...lease, beat: newName(), silence: 0 } }
}

/** The record with the request of a waiting caller. The request does not renew the lease. */
export function asking(record: S3Record, lease: LeaseNote, asked: Asked, age: number): S3Record {
  return { ...record, lease: { ...lease, asked, silence: lease.silence + age } }
}

/** True if a request asks for more than earlier requests did. */
export function asksMore(asked: Asked, before: Asked): boolean {
  return asked !== before && asked !== 'nothing' && before !== 'stop'
}

/**
 * The record with a fencing token noted.
 *
 * @param token null for a caller that cannot lose its lease
 * @throws UploadError `interrupted` when the token is older than one that was noted
 */
export function withToken(record: S3Record, token: number | null): S3Record {
  if (token === null) return record
  if (token < record.token) throw takenOver()
  // If the record holds no lease, there is none to renew.
  return renewed(token === record.token ? record : { ...record, token, lease: null })
}

/** The record without its lease. Part numbers that nothing uses are given back. */
export function released(record: S3Record, isSettled: boolean): S3Record {
  const reservedPart = isSettled ? record.nextPart : record.reservedPart
  return { ...record, lease: null, reservedPart }
}

/** The error that a stale holder gets. */
export function takenOver(): UploadError {
  return new UploadError('interrupted', 'another request took this upload over')
}
