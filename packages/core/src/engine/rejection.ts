import { UploadError } from '../model/error.ts'
import type { UploadInfo } from '../model/upload.ts'

/** Gives a recorded rejection again, to whoever asks. */
export function assertNotRejected(upload: UploadInfo): void {
  if (upload.outcome?.kind === 'rejected') throw new UploadError('rejected', upload.outcome.message)
}
