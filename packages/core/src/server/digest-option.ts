import type { ChecksumProvider } from '../ports/checksums.ts'
import { keepDigests } from '../engine/upload-digest.ts'
import type { Digests } from '../engine/ports.ts'
import { UploadError } from '../model/error.ts'
import { decodeBase64, encodeBase64 } from '../grammar/base64.ts'
import { parseDigest } from '../grammar/digest.ts'
import { metadataText, parseMetadata } from '../grammar/metadata.ts'
import type { UploadStore } from '../ports/store.ts'
import { storeCan } from '../ports/store.ts'
import type { UploadDigest, UploadInfo } from '../model/upload.ts'

/**
 * Keeps digests of whole uploads by one algorithm.
 *
 * @throws Error when the algorithm is not offered, or the store cannot give bytes back
 */
export function wholeDigests(
  algorithm: string,
  checksums: ChecksumProvider | undefined,
  store: UploadStore,
): Digests {
  if (checksums === undefined || !checksums.algorithms.includes(algorithm)) {
    throw new Error(`digest: "${algorithm}" is not among the algorithms of checksums`)
  }
  if (!storeCan(store, 'read')) throw new Error('digest: the store cannot give bytes back')
  return keepDigests({
    algorithm,
    checksums,
    store,
    encode: encodeBase64,
    compare,
  })
}

/** Compares with what the client announced under the algorithm's name, in its metadata. */
function compare(upload: UploadInfo, digest: UploadDigest): void {
  const announced = announcedDigest(upload, digest.algorithm)
  const actual = decodeBase64(digest.value) ?? new Uint8Array()
  if (announced === null) return
  const bytes = parseDigest(announced, actual.byteLength)
  if (bytes !== null && encodeBase64(bytes) === digest.value) return
  throw new UploadError(
    'rejected',
    `the upload does not have the ${digest.algorithm} that was announced`,
  )
}

/** Keys are compared without case and punctuation: `sha256`, `SHA-256`. */
function announcedDigest(upload: UploadInfo, algorithm: string): string | null {
  const metadata = parseMetadata(upload.metadata) ?? new Map<string, Uint8Array>()
  for (const key of metadata.keys()) {
    if (key.toLowerCase().replaceAll('-', '') === algorithm)
      return metadataText(metadata, key) ?? ''
  }
  return null
}
