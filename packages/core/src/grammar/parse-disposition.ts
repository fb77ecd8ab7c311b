/**
 * Reads the file name of a `Content-Disposition` field (RFC 6266); null if it has none. Prefers `filename*`,
 * because only that one can be any text.
 */
export function dispositionFileName(text: string): string | null {
  const extended = /;\s*filename\*\s*=\s*utf-8'[^']*'([A-Za-z0-9!#$&+.^_`|~%-]+)/i.exec(text)
  const name = extended === null ? null : decoded(extended[1] ?? '')
  if (name !== null) return name
  const quoted = /;\s*filename\s*=\s*"((?:[^"\\]|\\.)*)"/i.exec(text)
  if (quoted !== null) return utf8(quoted[1]?.replace(/\\(.)/g, '$1') ?? '')
  const plain = /;\s*filename\s*=\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)/i.exec(text)
  return plain?.[1] ?? null
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/** Browsers send UTF-8 between the quotes, and hosts return each byte as one character. */
function utf8(text: string): string {
  if (/[^\0-\xff]/.test(text)) return text
  try {
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0))
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return text
  }
}
