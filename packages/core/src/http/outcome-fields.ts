import { formatReprDigest } from '../grammar/digest.ts'
import type { HeaderFields } from '../model/http.ts'
import type { Target } from '../protocol/protocol.ts'
import type { Outcome, UploadInfo } from '../model/upload.ts'

/** What became of an upload, for answers that have another use for `Location`. */
export function outcomeFields(target: Target, { outcome }: UploadInfo): HeaderFields {
  const location = outcome?.kind === 'accepted' ? outcome.location : null
  return {
    ...(location === null ? {} : { 'content-location': target.locate(location) }),
    ...digestFields(outcome),
  }
}

/** RFC 9530, Repr-Digest: the digest of the whole upload, where one is kept. */
export function digestFields(outcome: Outcome | null): HeaderFields {
  if (outcome?.kind !== 'accepted' || outcome.digest === undefined) return {}
  const field = formatReprDigest(outcome.digest.algorithm, outcome.digest.value)
  return field === null ? {} : { 'repr-digest': field }
}
