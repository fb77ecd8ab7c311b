import type { ChecksumProvider } from '../ports/checksums.ts'
import { keepDigests } from '../engine/upload-digest.ts'
import type { MetadataReader } from './metadata-reader.ts'
import type { Digests } from '../engine/ports.ts'
import { UploadError } from '../model/error.ts'
import { decodeBase64, encodeBase64 } from '../grammar/base64.ts'
import { parseDigest } from '../grammar/digest.ts'
import type { UploadMetadata } from '../grammar/metadata.ts'
import { metadataText } from '../grammar/metadata.ts'
import type { UploadStore } from '../ports/store.ts'
import { storeCan } from '../ports/store.ts'
import type { UploadDigest } from '../model/upload.ts'

/**
 * Keeps digests of whole uploads with one algorithm.
 *
 * @throws Error when `checksums` does not have the algorithm, or the store cannot read bytes
 */
export function wholeDigests(
  algorithm: string,
  checksums: ChecksumProvider | undefined,
  store: UploadStore,
  metadataOf: MetadataReader,
): Digests {
  if (checksums === undefined || !checksums.algorithms.includes(algorithm)) {
    throw new Error(`digest: "${algorithm}" is not among the algorithms of checksums`)
  }
  if (!storeCan(store, 'read')) throw new Error('digest: the store has no method `read`')
  return keepDigests({
    algorithm,
    checksums,
    store,
    encode: encodeBase64,
    compare: (upload, digest, caller) =>
      compare(metadataOf(upload.metadata, caller) ?? new Map(), digest),
  })
}

/** Compares the digest with the one that the client announced in its metadata, if it announced one. */
function compare(metadata: UploadMetadata, digest: UploadDigest): void {
  const announced = announcedDigest(metadata, digest.algorithm)
  const actual = decodeBase64(digest.value) ?? new Uint8Array()
  if (announced === null) return
  const bytes = parseDigest(announced, actual.byteLength)
  if (bytes !== null && encodeBase64(bytes) === digest.value) return
  throw new UploadError(
    'rejected',
    `the ${digest.algorithm} of the upload differs from the one that the client announced`,
  )
}

/** The digest in the metadata. Case and punctuation of the key do not matter: `sha256`, `SHA-256`. */
function announcedDigest(metadata: UploadMetadata, algorithm: string): string | null {
  for (const key of metadata.keys()) {
    if (key.toLowerCase().replaceAll('-', '') === algorithm)
      return metadataText(metadata, key) ?? ''
  }
  return null
}
