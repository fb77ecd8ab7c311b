import { UploadError } from '@tusker/core'

/** The error for an upload whose stored data is not what the store wrote. */
export function damaged(): UploadError {
  return new UploadError('damaged', 'what was stored of the upload is damaged, create it anew')
}
