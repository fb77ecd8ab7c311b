/** Whether a browser may show a file, or must save it. */
export type DispositionKind = 'inline' | 'attachment'

/** The most bytes of a file name on common file systems. A longer name would only waste header space. */
const MAX_BYTES = 255
const MAX_EXTENSION = 16

/**
 * Characters that a file name must not have: controls, lone surrogates, line ends, slashes, and marks that
 * change the reading direction and make `gpj.exe` look like `exe.jpg`.
 */
const UNFIT = /[\p{Cc}\p{Surrogate}\u2028-\u202e\u2066-\u2069/\\]/gu

/**
 * Writes `Content-Disposition` (RFC 6266). A name that is not plain ASCII appears twice: as `filename*`
 * (RFC 8187), and as a similar `filename` for clients that support nothing else.
 *
 * Never throws, and returns only printable ASCII. An unsafe character becomes `_`. A name of more than 255
 * bytes is cut before its extension. A name of only dots and spaces is left out.
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

/** Removes accents, and replaces quotes, which need escapes, and `%`, because some clients decode `%41`. */
function toAscii(name: string): string {
  const letters = name.normalize('NFD').replace(/\p{Mark}/gu, '')
  return letters.replace(/[^\x20-\x7e]|["%\\]/gu, '_')
}

/** RFC 8187, section 3.2.1 does not allow `'()*`, which `encodeURIComponent` does not encode. */
function toExtendedValue(name: string): string {
  return encodeURIComponent(name).replace(/['()*]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  })
}
