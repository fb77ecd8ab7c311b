import { ID_BYTES, isDeviceName, utf8Length } from './content-id.ts'

/** Room for what `freeIds` appends. */
const VARIANT_BYTES = 12
const NAME_BYTES = 200
const NUMBERED_VARIANTS = 9

/** What is kept of a name: letters and digits of any script, and the marks that belong to them. */
const UNUSUAL = /[^\p{L}\p{M}\p{N}._+~-]+/gu
// Only what is short and plain is an extension that is worth keeping when a name is cut.
const EXTENSION = /\.[\p{L}\p{N}]{1,12}$/u

/**
 * The id for content that is called `name`: `file.pdf` stays `file.pdf`. Directories in front, as some
 * browsers send them, do not count. Letters of any script stay; what is unsafe in a URL or on a disk
 * becomes a hyphen. `fallback` is for names of which nothing is left.
 */
export function contentIdFor(name: string, fallback: string): string {
  const { stem, extension } = split(baseName(name).replace(/^\.+/, ''))
  const room = ID_BYTES - VARIANT_BYTES - utf8Length(extension)
  const short = trimmed(cut(trimmed(stem.replace(UNUSUAL, '-')), room)) || fallback
  // A device name counts as one whatever its extension.
  return `${isDeviceName(short) ? '_' : ''}${short}${extension}`
}

/** The file name to keep with the bytes: without directories and control characters, of bearable length. */
export function fileNameFor(name: string): string | null {
  const plain = baseName(name.replace(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu, '')).trim()
  if (plain === '') return null
  const { stem, extension } = split(plain)
  return `${cut(stem, NAME_BYTES - utf8Length(extension))}${extension}`
}

/** `file.pdf`, then `file-1.pdf`, `file-2.pdf` and so on, and after some of them random ones. */
export function* freeIds(id: string): Generator<string> {
  const { stem, extension } = split(id)
  yield id
  for (let number = 1; number <= NUMBERED_VARIANTS; number += 1)
    yield `${stem}-${number}${extension}`
  // A folder with thousands of namesakes must not cost thousands of tries.
  while (true) yield `${stem}-${crypto.randomUUID().slice(0, 8)}${extension}`
}

/** Nothing hidden, no virtual prefix, no dot that a file system would drop. */
function trimmed(name: string): string {
  return name.replace(/-{2,}/g, '-').replace(/^[.+~-]+|[.-]+$/g, '')
}

function baseName(name: string): string {
  return name.normalize('NFC').split(/[/\\]/).at(-1) ?? ''
}

function split(name: string): { stem: string; extension: string } {
  const extension = EXTENSION.exec(name)?.[0] ?? ''
  return { stem: name.slice(0, name.length - extension.length), extension }
}

/** The longest beginning that fits, without tearing what looks like one letter. */
function cut(text: string, bytes: number): string {
  if (utf8Length(text) <= bytes) return text
  let kept = ''
  let length = 0
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    length += utf8Length(segment)
    if (length > bytes) break
    kept += segment
  }
  return kept
}
