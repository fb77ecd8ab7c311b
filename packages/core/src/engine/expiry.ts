import type { UploadInfo } from '../model/upload.ts'
import { isFull, lacksOutcome } from '../model/upload.ts'
import type { Limits } from './ports.ts'

/**
 * When an upload expires. Null for an upload that never does: one that has its outcome, and one that has all
 * its bytes and lacks only the outcome. A partial upload is of no use until it is joined, so it expires even
 * if it is complete.
 */
export function expiryOf(limits: Limits, upload: UploadInfo): Date | null {
  if (limits.expireAfter === null) return null
  const whole = upload.outcome !== null || lacksOutcome(upload)
  if (whole && upload.concatenation?.kind !== 'partial') return null
  const from = limits.expireFrom === 'creation' ? upload.createdAt : upload.updatedAt
  return new Date(from.getTime() + limits.expireAfter)
}

/** True if clients can no longer use an upload. The sweep decides about complete partial uploads. */
export function isExpired(limits: Limits, upload: UploadInfo): boolean {
  return !isWholePart(upload) && isPast(expiryOf(limits, upload))
}

/** True if an upload has had its outcome for longer than `keepCompleted`. */
export function isForgettable(limits: Limits, upload: UploadInfo): boolean {
  if (limits.keepCompleted === null || upload.outcome === null) return false
  return upload.updatedAt.getTime() + limits.keepCompleted <= Date.now()
}

/** The partial uploads that one sweep has seen. */
export interface PartialUploads {
  see(upload: UploadInfo): void
  /** The ids of complete partial uploads that can be removed. */
  abandoned(): readonly string[]
}

/**
 * Finds abandoned parts. The parts of a parallel upload are created together, and a small one is
 * complete long before a large one. So a complete partial upload is kept while another one of the same
 * owner has not expired, if the two were created within `expireAfter` of each other.
 */
export function partialUploads(limits: Limits): PartialUploads {
  const reach = limits.expireAfter ?? 0
  const late: UploadInfo[] = []
  /** The creation times of the partial uploads that have not expired, by owner. */
  const active = new Map<string | null, number[]>()

  function isKept({ owner, createdAt }: UploadInfo): boolean {
    const earliest = createdAt.getTime() - reach
    const next = firstFrom(active.get(owner) ?? [], earliest)
    return next !== null && next <= createdAt.getTime() + reach
  }

  return {
    see(upload) {
      if (upload.concatenation?.kind !== 'partial') return
      if (!isPast(expiryOf(limits, upload))) {
        const times = active.get(upload.owner) ?? []
        times.push(upload.createdAt.getTime())
        active.set(upload.owner, times)
      } else if (isWholePart(upload)) {
        late.push(upload)
      }
    },
    abandoned() {
      for (const times of active.values()) times.sort((a, b) => a - b)
      return late.filter((upload) => !isKept(upload)).map(({ id }) => id)
    },
  }
}

/** The first of the sorted times that is not before `start`. */
function firstFrom(times: readonly number[], start: number): number | null {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] ?? 0) < start) low = middle + 1
    else high = middle
  }
  return times[low] ?? null
}

function isWholePart(upload: UploadInfo): boolean {
  return upload.concatenation?.kind === 'partial' && isFull(upload)
}

function isPast(expiry: Date | null): boolean {
  return expiry !== null && expiry.getTime() <= Date.now()
}
