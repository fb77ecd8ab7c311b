import type { UploadMetadata } from './metadata.ts'
import { metadataText } from './metadata.ts'

/** The most bytes of a name in UTF-8: file systems allow 255, and a number may be added. */
const NAME_BYTES = 230
/** The most UTF-16 units of a client's text that are read. Patterns over longer text would be too slow. */
const TEXT_LENGTH = 1_024
/** The most names with a number. Further names get random characters. */
const NUMBERED = 99

/** Controls, lone surrogates, invisible characters, and marks that change the reading direction. */
const INVISIBLE =
  /[\p{Cc}\p{Cs}\u00ad\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0]/gu
/** Joiners are invisible too, but letters and emoji need them between other characters. */
const JOINERS = '\u200c\u200d'
/** Characters that Windows refuses in names, and characters that shells interpret. */
const UNSAFE = /[<>:"|?*/\\`$;&'!\r\n]/g
/** Device names of Windows, which it reserves with any extension. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?= *(?:\.|$))/i
const EXTENSION = /(?:\.tar)?\.[\p{L}\p{N}]{1,12}$/u

/** The metadata keys under which clients send a file's name, the most common one first. */
const NAME_KEYS = ['filename', 'name']

/**
 * The name of the file for people to read: the last segment of `filename` or `name` in the metadata, without
 * invisible characters. Case of the keys does not matter. Null when the client
 * sent no name. See `safeFileName` for a name on a disk.
 */
export function fileNameOf(metadata: UploadMetadata): string | null {
  for (const key of NAME_KEYS) {
    const base = lastSegment(visible(textOf(metadata, key) ?? ''))
    if (base !== '') return base
  }
  return null
}

/**
 * The path of the file within a folder that the user dropped: the safe segments of `relativePath` in the
 * metadata, the file name last. tus-js-client and Uppy send it. Empty if the client sent none.
 */
export function relativePathOf(metadata: UploadMetadata): readonly string[] {
  const text = visible(textOf(metadata, 'relativepath') ?? '')
  return text
    .split(/[/\\]/)
    .map((segment) => safeFileName(segment, ''))
    .filter((segment) => segment !== '')
}

/**
 * Creates a name that every file system accepts and no shell interprets: not hidden, not an option of a
 * command (`-rf`), not a device of Windows, and at most 230 bytes of UTF-8. An unsafe character becomes `_`.
 * Returns `fallback` if nothing is left of `name`.
 */
export function safeFileName(name: string | null, fallback: string): string {
  // A name that begins with a dot is hidden, with a dash an option, with a tilde a home directory.
  const plain = trimmed(visible(name ?? '').replace(UNSAFE, '_'), `. -~${JOINERS}`, `. ${JOINERS}`)
  if (plain === '') return fallback
  const { stem, extension } = splitExtension(plain.replace(DEVICE, '_$&'))
  return `${cut(stem, NAME_BYTES - utf8Length(extension))}${extension}`
}

/**
 * Names to try one after another if a name is taken: `a.txt`, `a (2).txt`, `a (3).txt`, and after 99 names
 * with random characters. Never ends.
 */
export function* numberedFileNames(name: string): Generator<string, never> {
  const { stem, extension } = splitExtension(name)
  yield name
  for (let number = 2; number <= NUMBERED; number += 1) yield `${stem} (${number})${extension}`
  while (true) yield `${stem} (${crypto.randomUUID().slice(0, 8)})${extension}`
}

function textOf(metadata: UploadMetadata, name: string): string | null {
  for (const key of metadata.keys()) {
    if (key.toLowerCase() === name) return metadataText(metadata, key)
  }
  return null
}

function visible(text: string): string {
  return text.slice(-TEXT_LENGTH).normalize('NFC').replace(INVISIBLE, '')
}

function lastSegment(path: string): string {
  return trimmed(path.split(/[/\\]/).at(-1) ?? '', ` ${JOINERS}`, ` ${JOINERS}`)
}

/** Removes given characters at the start and at the end, in linear time. */
function trimmed(name: string, atStart: string, atEnd: string): string {
  let [start, end] = [0, name.length]
  while (start < end && atStart.includes(name.charAt(start))) start += 1
  while (end > start && atEnd.includes(name.charAt(end - 1))) end -= 1
  return name.slice(start, end)
}

function splitExtension(name: string): { readonly stem: string; readonly extension: string } {
  const extension = EXTENSION.exec(name)?.[0] ?? ''
  const stem = name.slice(0, name.length - extension.length)
  return stem === '' ? { stem: name, extension: '' } : { stem, extension }
}

/** The longest start of `text` that fits into `bytes`. It is never cut inside a visible character. */
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

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).byteLength
}
