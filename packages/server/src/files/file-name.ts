import type { UploadMetadata } from '@tusker/core'
import { metadataText } from '@tusker/core'

/** Bytes a name may take in UTF-8: file systems stop at 255, and a number may have to be added. */
const NAME_BYTES = 230
const NUMBERED = 99

// Control characters, halves of characters, and marks that turn the reading direction around.
const UNSEEN = /[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu
// What Windows does not take in names. Elsewhere it would need care in a shell.
const UNSAFE = /[<>:"|?*]/g
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?= *(?:\.|$))/i
const EXTENSION = /(?:\.tar)?\.[\p{L}\p{N}]{1,12}$/u

/** What a client calls a file, made fit to be read by people; null when it does not say. */
export function nameIn(metadata: UploadMetadata): string | null {
  for (const key of ['filename', 'name']) {
    const text = metadataText(metadata, key)?.normalize('NFC').replace(UNSEEN, '') ?? ''
    const base = text.split(/[/\\]/).at(-1)?.trim() ?? ''
    if (base !== '') return base
  }
  return null
}

/**
 * The name of a file on any disk for what a client calls it: never hidden, never a device of Windows,
 * of bearable length. `fallback` is for names of which nothing is left.
 */
export function fileNameFor(name: string | null, fallback: string): string {
  const plain = (name ?? '').replace(UNSAFE, '_').replace(/^[. ]+|[. ]+$/g, '')
  if (plain === '') return fallback
  const { stem, extension } = split(plain.replace(DEVICE, '_$&'))
  return `${cut(stem, NAME_BYTES - Buffer.byteLength(extension))}${extension}`
}

/** `a.txt`, then `a (2).txt`, `a (3).txt` and so on, and after many of them random ones. */
export function* variantsOf(name: string): Generator<string, never> {
  const { stem, extension } = split(name)
  yield name
  for (let number = 2; number <= NUMBERED; number += 1) yield `${stem} (${number})${extension}`
  while (true) yield `${stem} (${crypto.randomUUID().slice(0, 8)})${extension}`
}

function split(name: string): { readonly stem: string; readonly extension: string } {
  const extension = EXTENSION.exec(name)?.[0] ?? ''
  const stem = name.slice(0, name.length - extension.length)
  return stem === '' ? { stem: name, extension: '' } : { stem, extension }
}

/** The longest beginning that fits, without tearing what looks like one letter. */
function cut(text: string, bytes: number): string {
  let kept = ''
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (Buffer.byteLength(kept) + Buffer.byteLength(segment) > bytes) break
    kept += segment
  }
  return kept
}
