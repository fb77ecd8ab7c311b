import type { UploadInfo } from '../model/upload.ts'
import { lacksOutcome } from '../model/upload.ts'
import type { Limits } from './ports.ts'

/**
 * When an upload counts as abandoned. Null for one that never does: an ended one, and one whose bytes
 * are all there and that only waits for its outcome. A partial upload is good for nothing until it is
 * joined, so it can be abandoned even when it is whole.
 */
export function expiryOf(limits: Limits, upload: UploadInfo): Date | null {
  if (limits.expireAfter === null) return null
  const whole = upload.outcome !== null || lacksOutcome(upload)
  if (whole && upload.concatenation?.kind !== 'partial') return null
  const from = limits.expireFrom === 'creation' ? upload.createdAt : upload.updatedAt
  return new Date(from.getTime() + limits.expireAfter)
}

/** True once an upload's expiry has passed. */
export function isExpired(limits: Limits, upload: UploadInfo): boolean {
  const expiry = expiryOf(limits, upload)
  return expiry !== null && expiry.getTime() <= Date.now()
}

/** True for an ended upload whose record has been kept long enough. */
export function isForgettable(limits: Limits, upload: UploadInfo): boolean {
  if (limits.keepCompleted === null || upload.outcome === null) return false
  return upload.updatedAt.getTime() + limits.keepCompleted <= Date.now()
}
