import { ID_BYTES, INVISIBLE, isDeviceName, utf8Length } from './content-id.ts'

/** A name for a new object: its id, and its title for people. */
export interface ContentName {
  readonly id: string
  readonly title: string | null
}

/** UTF-16 units of a name that are looked at, from its end. Work on a name stays small. */
const NAME_LENGTH = 1_024
/** Bytes kept free for the suffixes of `freeNames`. */
const SUFFIX_BYTES = 12
const FILE_NAME_BYTES = 200
const LAST_NUMBER = 10
/** An id keeps letters and digits of any script, and their marks. */
const UNUSUAL = /[^\p{L}\p{M}\p{N}._+~-]+/gu
/** When a name is cut, a short and plain extension stays. */
const EXTENSION = /\.[\p{L}\p{N}]{1,12}$/u

/**
 * The id for content with this name: `file.pdf` stays `file.pdf`. Only the last segment of a path
 * counts, because some browsers send directories. Letters of any script stay; characters that are
 * unsafe in a URL or on a disk become a hyphen. `fallback` replaces a name of which nothing is left.
 */
export function contentIdFor(name: string, fallback: string): string {
  const plain = lastSegment(name.slice(-NAME_LENGTH)).replace(INVISIBLE, '')
  const { stem, extension } = splitExtension(trimmed(plain, '.', ''))
  const room = ID_BYTES - SUFFIX_BYTES - utf8Length(extension)
  const short = idStem(cut(idStem(stem.replace(UNUSUAL, '-')), room)) || fallback
  // Windows reserves the names of devices with any extension.
  return `${isDeviceName(short) ? '_' : ''}${short}${extension}`
}

/** A file name cut to a length that response headers and disks can take. */
export function shortFileName(name: string): string {
  const { stem, extension } = splitExtension(name)
  return `${cut(stem, FILE_NAME_BYTES - utf8Length(extension))}${extension}`
}

/**
 * Names to try in order until one is free: `notes.txt`, then `notes-2.txt` with the title
 * "notes (2).txt", and so on up to 10, then names with random characters. Never ends.
 *
 * @param kind `file` puts the number of the title in front of its extension
 */
export function* freeNames(
  name: ContentName,
  kind: 'file' | 'container',
): Generator<ContentName, never> {
  yield name
  for (let number = 2; number <= LAST_NUMBER; number += 1) yield variant(name, kind, number)
  // A folder with thousands of equal names must not cost thousands of attempts.
  while (true) yield variant(name, kind, crypto.randomUUID().slice(0, 8))
}

function variant(
  { id, title }: ContentName,
  kind: 'file' | 'container',
  suffix: number | string,
): ContentName {
  const ofId = splitExtension(id)
  const ofTitle =
    kind === 'file' ? splitExtension(title ?? '') : { stem: title ?? '', extension: '' }
  return {
    id: `${ofId.stem}-${suffix}${ofId.extension}`,
    title: title === null ? null : `${ofTitle.stem} (${suffix})${ofTitle.extension}`,
  }
}

/** Not hidden, no virtual prefix, and without a dot at the end, which some file systems drop. */
function idStem(name: string): string {
  return trimmed(name.replace(/-{2,}/g, '-'), '.+~-', '.-')
}

function lastSegment(name: string): string {
  return name.normalize('NFC').split(/[/\\]/).at(-1) ?? ''
}

function splitExtension(name: string): { readonly stem: string; readonly extension: string } {
  const extension = EXTENSION.exec(name)?.[0] ?? ''
  return { stem: name.slice(0, name.length - extension.length), extension }
}

/** Drops some characters at the start and some at the end, in linear time. */
function trimmed(name: string, atStart: string, atEnd: string): string {
  let start = 0
  let end = name.length
  while (start < end && atStart.includes(name.charAt(start))) start += 1
  while (end > start && atEnd.includes(name.charAt(end - 1))) end -= 1
  return name.slice(start, end)
}

/** The longest beginning that fits, cut between what people see as letters. */
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
