import type { MediaType } from '../grammar/media-type.ts'
import { parseMediaType } from '../grammar/media-type.ts'

/** How a download of some declared media type is sent. */
export interface ServedType {
  /** The value of `Content-Type`. */
  readonly contentType: string
  /** True for a type that browsers may show. They must save all others, such as PDF. */
  readonly isInert: boolean
}

/** Types that cannot run scripts in the origin of a page. */
const INERT_TYPES = new Set([
  ...['apng', 'avif', 'bmp', 'gif', 'jpeg', 'png', 'webp', 'x-icon'].map((type) => `image/${type}`),
  ...['aac', 'flac', 'mp4', 'mpeg', 'ogg', 'wav', 'webm', 'x-wav'].map((type) => `audio/${type}`),
  ...['mp4', 'mpeg', 'ogg', 'quicktime', 'webm'].map((type) => `video/${type}`),
  'text/plain',
])

/**
 * The words of types that a page of the same origin can load as a part of itself: scripts, style sheets,
 * WebAssembly, manifests and documents. A page whose policy allows its own origin would run them. A word
 * stands between the characters `/`, `.`, `+` and `-`, so Office documents (`openxmlformats`) keep their type.
 */
const ACTIVE_WORD =
  /^(?:(?:java|ecma|live|j)script.*|css|wasm|x?html|svg|xml|xslt?|manifest|speculationrules|webbundle)$/

const UNKNOWN_TYPE = 'application/octet-stream'

/** Returns how to send bytes whose uploader declared `mediaType`, which may be any text. */
export function servedType(mediaType: string): ServedType {
  const type = parseMediaType(mediaType)
  // With `nosniff`, browsers take no script and no style sheet of an unknown type.
  if (type === null || isActive(type)) return { contentType: UNKNOWN_TYPE, isInert: false }
  return { contentType: withCharset(type), isInert: INERT_TYPES.has(type.essence) }
}

function isActive({ essence }: MediaType): boolean {
  return essence.split(/[/.+-]/).some((word) => ACTIVE_WORD.test(word))
}

/** Adds UTF-8 to text without a charset, because browsers read such text as windows-1252. */
function withCharset({ essence, text }: MediaType): string {
  return essence.startsWith('text/') && !/;[ \t]*charset=/i.test(text)
    ? `${text}; charset=utf-8`
    : text
}
