import type { UploadEvent } from '../ports/events.ts'
import type { UploadInfo } from '../model/upload.ts'

const INTERVAL = 1_000

/** Emits `progress` events from the reports of a store: at most one a second, and one for the last bytes. */
export function reportProgress(
  emit: (event: UploadEvent) => void,
  upload: UploadInfo,
): { readonly at: (offset: number) => void; readonly last: (offset: number) => void } {
  let reported = upload.offset
  let reportedAt = performance.now()

  function report(offset: number): void {
    reported = offset
    reportedAt = performance.now()
    emit({
      type: 'progress',
      upload: { ...upload, offset, updatedAt: new Date() },
    })
  }

  return {
    at(offset) {
      if (offset > reported && performance.now() - reportedAt >= INTERVAL) report(offset)
    },
    last(offset) {
      if (offset > reported) report(offset)
    },
  }
}
