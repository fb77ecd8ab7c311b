/** Bytes that an id may take in UTF-8. File systems allow 255, some encrypted ones 143. */
export const ID_BYTES = 140

/** Characters that no font shows. Two ids that differ only in them would look the same. */
export const INVISIBLE: RegExp = /[\p{Default_Ignorable_Code_Point}\u2028\u2029]/gu

const HAS_INVISIBLE = new RegExp(INVISIBLE.source, 'u')
/** A hidden file, one of our own URL segments, or the start of a virtual prefix. */
const RESERVED_START = /^[.@+]/
/** Characters that some file system forbids or drops, and text without a UTF-8 form. */
const UNSAFE = /[/\\<>:"|?*\p{Cc}\p{Cs}]|[. ]$/u
/** Device names of Windows, with any extension. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?: *\.|$)/i

/**
 * True for text that can be the id of a content object: every file system takes it as a name, a URL
 * holds it percent-encoded, people can see all of it, and it is not one of our own segments.
 */
export function isContentId(text: string): boolean {
  return (
    text !== '' &&
    utf8Length(text) <= ID_BYTES &&
    text.normalize('NFC') === text &&
    !RESERVED_START.test(text) &&
    !UNSAFE.test(text) &&
    !HAS_INVISIBLE.test(text) &&
    !DEVICE.test(text)
  )
}

/** True for a name that Windows reserves for a device. */
export function isDeviceName(text: string): boolean {
  return DEVICE.test(text)
}

/** Bytes that a text takes in UTF-8. */
export function utf8Length(text: string): number {
  return Buffer.byteLength(text, 'utf8')
}
