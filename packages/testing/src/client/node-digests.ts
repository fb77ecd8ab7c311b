import { createHash } from 'node:crypto'
import type { ChecksumProvider } from '@tusker/core'

/** The digests of Node's own crypto module, enough for conversations about digests. */
export function nodeDigests(): ChecksumProvider {
  return {
    algorithms: ['sha1', 'md5'],
    start: (algorithm) => createHash(algorithm),
  }
}

/** The value of `Upload-Checksum` for some content. */
export function checksumOf(content: string, algorithm = 'sha1'): string {
  return `${algorithm} ${createHash(algorithm).update(content).digest('base64')}`
}
