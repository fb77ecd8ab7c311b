const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** The value of each digit, by its character code. */
const VALUES = valuesOf(DIGITS)

function valuesOf(digits: string): Uint8Array {
  const values = new Uint8Array(128)
  for (let value = 0; value < digits.length; value += 1) values[digits.charCodeAt(value)] = value
  return values
}

/**
 * Reads base64 (RFC 4648, section 4). Padding is optional, because the bytes are unambiguous without it. If
 * there is padding, it must be correct.
 */
export function decodeBase64(text: string): Uint8Array | null {
  if (!BASE64.test(text)) return null
  const digits = text.replace(/=+$/, '')
  if (digits.length % 4 === 1) return null
  if (digits.length !== text.length && text.length % 4 !== 0) return null
  return bytesOf(digits)
}

/** Not `atob`, which takes several times as long for the short values of metadata. */
function bytesOf(digits: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4))
  let held = 0
  let bits = 0
  let end = 0
  for (let at = 0; at < digits.length; at += 1) {
    held = (held << 6) | (VALUES[digits.charCodeAt(at)] ?? 0)
    bits += 6
    if (bits < 8) continue
    bits -= 8
    bytes[end] = held >> bits
    end += 1
  }
  return bytes
}

/** Writes base64 with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}
