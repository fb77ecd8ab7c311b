import type { UploadInfo } from '../model/upload.ts'
import type { WaitingFinals } from './ports.ts'

/**
 * Remembers which final uploads wait for which parts. `complete` is called with the id of a final upload
 * each time one of its parts is complete or was removed, and must not reject.
 */
export function waitingFinals(complete: (id: string) => Promise<unknown>): WaitingFinals {
  const finalsByPart = new Map<string, Set<string>>()

  function wake(part: string): void {
    const finals = finalsByPart.get(part)
    finalsByPart.delete(part)
    for (const id of finals ?? []) void complete(id)
  }

  return {
    add(final) {
      for (const part of partsOf(final)) {
        const finals = finalsByPart.get(part) ?? new Set()
        finalsByPart.set(part, finals.add(final.id))
      }
    },
    drop(upload) {
      for (const part of partsOf(upload)) {
        const finals = finalsByPart.get(part)
        finals?.delete(upload.id)
        if (finals?.size === 0) finalsByPart.delete(part)
      }
      // `complete` rejects a final upload that waits for a removed part.
      if (upload.concatenation?.kind === 'partial') wake(upload.id)
    },
    partCompleted: wake,
  }
}

function partsOf(upload: UploadInfo): readonly string[] {
  return upload.concatenation?.kind === 'final' ? upload.concatenation.parts : []
}
