import { decodeBase64 } from './base64.ts'
import type { Member } from './structured-fields.ts'
import { parseDictionary } from './structured-fields.ts'

/** The names in RFC 9530 of the algorithms that have another name in tus. */
const REGISTERED: Readonly<Record<string, string>> = {
  md5: 'md5',
  sha1: 'sha',
  sha256: 'sha-256',
  sha512: 'sha-512',
  crc32c: 'crc32c',
}

/** `Repr-Digest` (RFC 9530) for a digest in base64; null for an algorithm without a name in RFC 9530. */
export function formatReprDigest(algorithm: string, value: string): string | null {
  const name = Object.hasOwn(REGISTERED, algorithm) ? REGISTERED[algorithm] : undefined
  return name === undefined ? null : `${name}=:${value}:`
}

/** Reads a digest in hexadecimal or base64. It must have the length that its algorithm produces. */
export function parseDigest(text: string, length: number): Uint8Array | null {
  if (text.length === 2 * length && /^[0-9a-f]*$/i.test(text)) {
    return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
  }
  const bytes = decodeBase64(text)
  return bytes?.byteLength === length ? bytes : null
}

/** Reads `Content-Digest` or `Repr-Digest`: the digests by the names that tus uses, the strongest first. */
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
