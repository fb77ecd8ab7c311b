import type { UploadInfo } from '../model/upload.ts'
import type { WaitingFinals } from './ports.ts'

/**
 * Remembers which final uploads wait for which parts. `complete` is called with a final's id each time
 * one of its parts became whole, and must not reject.
 */
export function waitingFinals(complete: (id: string) => Promise<unknown>): WaitingFinals {
  const finalsByPart = new Map<string, Set<string>>()

  return {
    add(final) {
      for (const part of partsOf(final)) {
        const finals = finalsByPart.get(part) ?? new Set()
        finalsByPart.set(part, finals.add(final.id))
      }
    },
    drop(final) {
      for (const part of partsOf(final)) {
        const finals = finalsByPart.get(part)
        finals?.delete(final.id)
        if (finals?.size === 0) finalsByPart.delete(part)
      }
    },
    partCompleted(part) {
      const finals = finalsByPart.get(part)
      finalsByPart.delete(part)
      for (const id of finals ?? []) void complete(id)
    },
  }
}

function partsOf(upload: UploadInfo): readonly string[] {
  return upload.concatenation?.kind === 'final' ? upload.concatenation.parts : []
}
