import type { HeaderFields } from '../http.ts'
import type { Target } from '../protocol.ts'
import type { UploadInfo } from '../upload.ts'

/** Where the result of a completed upload is, for answers that have another use for `Location`. */
export function outcomeFields(target: Target, upload: UploadInfo): HeaderFields {
  if (upload.outcome?.kind !== 'accepted' || upload.outcome.location === null) return {}
  return { 'content-location': target.locate(upload.outcome.location) }
}
