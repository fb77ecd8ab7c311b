import type { Locker } from '@tusker/core'
import type { S3Record } from '../records/record.ts'
import { newName } from '../records/record.ts'
import type { Grant } from './acquire.ts'
import { withNewLease } from './lease.ts'

/** The leases of uploads that were created together with their first lease. */
export interface FirstGrants {
  /** True for the locker that takes these leases. */
  isOf(locker: Locker | null | undefined): boolean
  /** The record of a new upload with its first lease, and the function to call once it is written. */
  leased(record: S3Record): { readonly record: S3Record; written(): void }
  /** Returns the first lease of an upload to the first caller, unless it is too old to be relied on. */
  take(id: string): Grant | null
}

/** Leases that no caller has asked for yet. Their requests ended before that, so only few are needed. */
const REMEMBERED = 1_000

/**
 * @param locker returns the locker that takes these leases
 * @param prepare what else a new holder notes in the record
 */
export function firstGrants(
  locker: () => Locker,
  leaseTtl: number,
  prepare: (record: S3Record) => S3Record,
): FirstGrants {
  const grants = new Map<string, Grant>()

  return {
    isOf: (other) => other === locker(),

    leased(record) {
      const { id } = record.upload
      const holder = newName()
      const askedAt = performance.now()
      const held = prepare(withNewLease(record, holder, leaseTtl))
      return {
        record: held,
        written() {
          grants.set(id, { id, holder, token: held.token, askedAt })
          const [oldest] = grants.keys()
          if (grants.size > REMEMBERED && oldest !== undefined) grants.delete(oldest)
        },
      }
    },

    take(id) {
      const grant = grants.get(id)
      if (grant === undefined) return null
      grants.delete(id)
      return performance.now() - grant.askedAt < leaseTtl / 3 ? grant : null
    },
  }
}
