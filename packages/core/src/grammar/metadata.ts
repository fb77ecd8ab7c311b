import { decodeBase64, encodeBase64 } from './base64.ts'

/** The values of `Upload-Metadata` by key. Values are arbitrary bytes; a key without one has none. */
export type UploadMetadata = ReadonlyMap<string, Uint8Array>

// What a header field can carry, less the two characters that separate keys and values.
const KEY = /^[\x21-\x2b\x2d-\x7e\x80-\xff]+$/

/**
 * Reads `Upload-Metadata` (tus 1.0, creation): pairs of a key and a base64 value, separated by commas.
 * An empty field has no keys. Returns null when a key is empty or repeated or a value is no base64.
 */
export function parseMetadata(field: string): UploadMetadata | null {
  const metadata = new Map<string, Uint8Array>()
  if (field.trim() === '') return metadata
  for (const pair of field.split(',')) {
    const [key = '', value = '', ...rest] = pair.trim().split(/ +/)
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

/** The value of a key as text; null when the key is absent or its bytes are no UTF-8. */
export function metadataText(metadata: UploadMetadata, key: string): string | null {
  const bytes = metadata.get(key)
  if (bytes === undefined) return null
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}
