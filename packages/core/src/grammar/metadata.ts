import { decodeBase64, encodeBase64 } from './base64.ts'

/** The values of `Upload-Metadata` by key. Values are arbitrary bytes; the value of a bare key is empty. */
export type UploadMetadata = ReadonlyMap<string, Uint8Array>

// The characters of a header field, without the space and the comma that separate keys and values.
const KEY = /^[\x21-\x2b\x2d-\x7e\x80-\xff]+$/

/**
 * Reads `Upload-Metadata` (tus 1.0, creation): a list of pairs, each a key, one space and a base64 value.
 * Ignores empty list elements (RFC 9110, section 5.6.1), which an empty header line produces. Returns
 * null if a key is repeated, a value is not base64, or a pair has more than one space.
 */
export function parseMetadata(field: string): UploadMetadata | null {
  const metadata = new Map<string, Uint8Array>()
  for (const element of field.split(',')) {
    const pair = element.trim()
    if (pair === '') continue
    const [key = '', value = '', ...rest] = pair.split(' ')
    const bytes = decodeBase64(value)
    if (!KEY.test(key) || bytes === null || rest.length > 0 || metadata.has(key)) return null
    metadata.set(key, bytes)
  }
  return metadata
}

/** Writes metadata in its wire form. Text becomes UTF-8. */
export function formatMetadata(values: Iterable<readonly [string, string | Uint8Array]>): string {
  const encoder = new TextEncoder()
  const pairs: string[] = []
  for (const [key, value] of values) {
    const bytes = typeof value === 'string' ? encoder.encode(value) : value
    pairs.push(bytes.byteLength === 0 ? key : `${key} ${encodeBase64(bytes)}`)
  }
  return pairs.join(',')
}

/** The value of a key as text; null if the key is absent or its bytes are not UTF-8. */
export function metadataText(metadata: UploadMetadata, key: string): string | null {
  const bytes = metadata.get(key)
  if (bytes === undefined) return null
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}
