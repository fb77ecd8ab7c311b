import type { UploadMetadata } from './metadata.ts'
import { metadataText } from './metadata.ts'

/** Bytes of UTF-8 that a name may take: file systems allow 255, and a number may have to be added. */
const NAME_BYTES = 230
/** UTF-16 units of a client's text that are looked at. Patterns over longer texts would take too long. */
const TEXT_LENGTH = 1_024
/** Names that get a number; those after them get random characters. */
const NUMBERED = 99

/** Controls, halves of characters, invisible characters and marks that change the reading direction. */
const INVISIBLE =
  /[\p{Cc}\p{Cs}\u00ad\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0]/gu
/** Joiners are invisible too, but letters and emoji need them between others. */
const JOINERS = '\u200c\u200d'
/** Characters that Windows refuses in names, and characters that shells act on. */
const UNSAFE = /[<>:"|?*/\\`$;&'!\r\n]/g
/** Device names of Windows, which it reserves with any extension. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?= *(?:\.|$))/i
const EXTENSION = /(?:\.tar)?\.[\p{L}\p{N}]{1,12}$/u

/** The metadata keys under which clients send a file's name, the most common one first. */
const NAME_KEYS = ['filename', 'name']

/**
 * The name that a client gives to its file, for people to read: the last segment of what it sent as
 * `filename` or `name`, without invisible characters. Keys match in any case. Null when the client
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
 * The path that a client gives to its file within a dropped folder (`relativePath`, as tus-js-client's
 * and Uppy's users send it): its safe segments, the file name last. Empty when the client sent none.
 */
export function relativePathOf(metadata: UploadMetadata): readonly string[] {
  const text = visible(textOf(metadata, 'relativepath') ?? '')
  return text
    .split(/[/\\]/)
    .map((segment) => safeFileName(segment, ''))
    .filter((segment) => segment !== '')
}

/**
 * Makes a name that every file system takes and that no shell acts on: not hidden, not an option of a
 * command (`-rf`), not a device of Windows, at most 230 bytes of UTF-8. A character that is not safe
 * becomes `_`. Returns `fallback` when nothing is left of `name`.
 */
export function safeFileName(name: string | null, fallback: string): string {
  // A dot in front hides a file, a dash makes an option of it, a tilde a home directory.
  const plain = trimmed(visible(name ?? '').replace(UNSAFE, '_'), `. -~${JOINERS}`, `. ${JOINERS}`)
  if (plain === '') return fallback
  const { stem, extension } = splitExtension(plain.replace(DEVICE, '_$&'))
  return `${cut(stem, NAME_BYTES - utf8Length(extension))}${extension}`
}

/**
 * Names to try in turn when one is taken: `a.txt`, `a (2).txt`, `a (3).txt`, and after 99 of them names
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

/** Drops some characters at the start and some at the end, in linear time. */
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

/** The longest beginning of `text` that fits into `bytes`, cut between what people see as letters. */
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
