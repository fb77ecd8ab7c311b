import { UploadError } from '../model/error.ts'
import type { UploadInfo } from '../model/upload.ts'

/** Throws the recorded rejection of an upload, if it has one. */
export function assertNotRejected(upload: UploadInfo): void {
  if (upload.outcome?.kind === 'rejected') throw new UploadError('rejected', upload.outcome.message)
}
