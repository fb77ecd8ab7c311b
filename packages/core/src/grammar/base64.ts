const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

/**
 * Reads base64 (RFC 4648, section 4). Padding is optional, because the bytes are unambiguous without it. If
 * there is padding, it must be correct.
 */
export function decodeBase64(text: string): Uint8Array | null {
  if (!BASE64.test(text)) return null
  const digits = text.replace(/=+$/, '')
  if (digits.length % 4 === 1) return null
  if (digits.length !== text.length && text.length % 4 !== 0) return null
  const binary = atob(digits)
  const bytes = new Uint8Array(binary.length)
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = binary.charCodeAt(index)
  return bytes
}

/** Writes base64 with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}
