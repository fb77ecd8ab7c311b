import { UploadError } from '@tusker/core'

/** The error for an upload whose stored data is not what the store wrote. */
export function damaged(): UploadError {
  return new UploadError('damaged', 'the stored upload is damaged, create it again')
}
