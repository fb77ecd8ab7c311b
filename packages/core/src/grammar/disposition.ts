/** Whether a browser may show what it is given, or has to save it. */
export type DispositionKind = 'inline' | 'attachment'

/** What file systems allow for one name. A longer one would only fill the response's head. */
const MAX_BYTES = 255
const MAX_EXTENSION = 16

/**
 * Controls, halves of characters and line ends are no part of a name, directions make `gpj.exe` read
 * as `exe.jpg`, and a name is not a path.
 */
const UNFIT = /[\p{Cc}\p{Surrogate}\u2028-\u202e\u2066-\u2069/\\]/gu

/**
 * Writes `Content-Disposition` (RFC 6266). A name beyond plain ASCII is sent twice: as `filename*`
 * (RFC 8187), and as a `filename` that comes close for clients that know nothing else.
 *
 * Never throws and only returns printable ASCII. What is unfit for a name becomes `_`, a name of more
 * than 255 bytes is cut in front of its extension, and one of dots and spaces alone is left out.
 */
export function formatDisposition(kind: DispositionKind, fileName: string | null): string {
  const name = shorten((fileName ?? '').replace(UNFIT, '_'))
  if (/^[.\s]*$/.test(name)) return kind
  const fallback = toAscii(name)
  const plain = `${kind}; filename="${fallback}"`
  return fallback === name ? plain : `${plain}; filename*=UTF-8''${toExtendedValue(name)}`
}

function shorten(name: string): string {
  if (byteLength(name) <= MAX_BYTES) return name
  const dot = name.lastIndexOf('.')
  const extension = dot > 0 && name.length - dot <= MAX_EXTENSION ? name.slice(dot) : ''
  let room = MAX_BYTES - byteLength(extension)
  let stem = ''
  for (const character of name) {
    room -= byteLength(character)
    if (room < 0) break
    stem += character
  }
  return stem + extension
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).byteLength
}

/** Letters lose their accents. Quotes would need escapes, and `%41` is decoded by some clients. */
function toAscii(name: string): string {
  const letters = name.normalize('NFD').replace(/\p{Mark}/gu, '')
  return letters.replace(/[^\x20-\x7e]|["%\\]/gu, '_')
}

/** RFC 8187, section 3.2.1: of what `encodeURIComponent` lets through, `'()*` are not allowed. */
function toExtendedValue(name: string): string {
  return encodeURIComponent(name).replace(/['()*]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  })
}
