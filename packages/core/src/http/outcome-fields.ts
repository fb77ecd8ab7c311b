import { formatReprDigest } from '../grammar/digest.ts'
import type { HeaderFields } from '../model/http.ts'
import type { Outcome, UploadInfo } from '../model/upload.ts'

/** The outcome of an upload as header fields, for responses whose `Location` has another meaning. */
export function outcomeFields(
  { locate }: { locate(location: string): string },
  { outcome }: UploadInfo,
): HeaderFields {
  const location = outcome?.kind === 'accepted' ? outcome.location : null
  return {
    ...(location === null ? {} : { 'content-location': locate(location) }),
    ...digestFields(outcome),
  }
}

/** RFC 9530, Repr-Digest: the digest of the whole upload, if the server keeps one. */
export function digestFields(outcome: Outcome | null): HeaderFields {
  if (outcome?.kind !== 'accepted' || outcome.digest === undefined) return {}
  const field = formatReprDigest(outcome.digest.algorithm, outcome.digest.value)
  return field === null ? {} : { 'repr-digest': field }
}
