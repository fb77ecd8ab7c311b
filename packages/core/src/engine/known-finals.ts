import { UploadError } from '../model/error.ts'
import type { UploadInfo } from '../model/upload.ts'
import type { KnownFinals } from './ports.ts'

/** The number of final uploads to remember. The oldest ones are forgotten first. */
const REMEMBERED = 10_000

/**
 * Remembers the final uploads that this process created. Each holds a copy of the bytes of its parts, so a
 * part may be in at most `limit` of them at a time. Final uploads that other processes created, or that
 * existed before a restart, are not counted.
 */
export function knownFinals(limit: number): KnownFinals {
  const byRequest = new Map<string, UploadInfo>()
  const byPart = new Map<string, Set<string>>()

  function forget(request: string): void {
    const final = byRequest.get(request)
    byRequest.delete(request)
    for (const part of final === undefined ? [] : partsOf(final)) {
      const requests = byPart.get(part)
      requests?.delete(request)
      if (requests?.size === 0) byPart.delete(part)
    }
  }

  return {
    idFor: (request) => byRequest.get(request)?.id ?? null,

    async assertRoom(parts, find) {
      for (const part of new Set(parts)) {
        const requests = byPart.get(part)
        if (requests === undefined || requests.size < limit) continue
        for (const request of [...requests]) {
          const id = byRequest.get(request)?.id
          if (id === undefined || (await find(id)) === null) forget(request)
        }
        if (requests.size >= limit) throw tooMany(limit)
      }
    },

    add(final, request) {
      forget(request)
      byRequest.set(request, final)
      for (const part of partsOf(final)) {
        byPart.set(part, (byPart.get(part) ?? new Set()).add(request))
      }
      if (byRequest.size <= REMEMBERED) return
      const [oldest] = byRequest.keys()
      if (oldest !== undefined) forget(oldest)
    },
  }
}

function tooMany(limit: number): UploadError {
  return new UploadError(
    'invalid_part',
    `a part can be in ${limit} final uploads: remove one of them, or upload the part again`,
  )
}

function partsOf({ concatenation }: UploadInfo): readonly string[] {
  return concatenation?.kind === 'final' ? concatenation.parts : []
}
