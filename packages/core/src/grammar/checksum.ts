import { decodeBase64 } from './base64.ts'

/** `Upload-Checksum`: the digest that a client computed, and its algorithm. */
export interface ChecksumField {
  readonly algorithm: string
  readonly digest: Uint8Array
}

const FIELD = /^([a-z0-9][a-z0-9_./-]*) +(\S+)$/

/** Reads `Upload-Checksum` (tus 1.0, checksum): an algorithm's name, a space, a base64 digest. */
export function parseChecksum(field: string): ChecksumField | null {
  const [, algorithm, encoded] = FIELD.exec(field.trim()) ?? []
  if (algorithm === undefined || encoded === undefined) return null
  const digest = decodeBase64(encoded)
  return digest === null ? null : { algorithm, digest }
}
