import { decodeBase64 } from './base64.ts'
import type { Member } from './structured-fields.ts'
import { parseDictionary } from './structured-fields.ts'

/** The names of RFC 9530 for the algorithms that tus names otherwise. */
const REGISTERED: Readonly<Record<string, string>> = {
  md5: 'md5',
  sha1: 'sha',
  sha256: 'sha-256',
  sha512: 'sha-512',
  crc32c: 'crc32c',
}

/** `Repr-Digest` (RFC 9530) for a digest in base64; null for an algorithm that has no name there. */
export function formatReprDigest(algorithm: string, value: string): string | null {
  const name = Object.hasOwn(REGISTERED, algorithm) ? REGISTERED[algorithm] : undefined
  return name === undefined ? null : `${name}=:${value}:`
}

/** Reads a digest as people write them: in hexadecimal or base64, as long as its algorithm makes it. */
export function parseDigest(text: string, length: number): Uint8Array | null {
  if (text.length === 2 * length && /^[0-9a-f]*$/i.test(text)) {
    return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
  }
  const bytes = decodeBase64(text)
  return bytes?.byteLength === length ? bytes : null
}

/** Reads `Content-Digest` and `Repr-Digest`: digests by the names that tus uses, strongest first. */
export function parseDigestField(text: string): ReadonlyMap<string, Uint8Array> {
  const members = parseDictionary(text) ?? new Map<string, Member>()
  const digests = new Map<string, Uint8Array>()
  for (const algorithm of ['sha512', 'sha256', 'sha1', 'crc32c', 'md5']) {
    const member = members.get(REGISTERED[algorithm] ?? algorithm)
    if (member !== undefined && 'value' in member && member.value.kind === 'bytes') {
      digests.set(algorithm, member.value.value)
    }
  }
  return digests
}
