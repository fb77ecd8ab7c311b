/** Bytes that an id may take in UTF-8: file systems stop at 255, some encrypted ones at 143. */
export const ID_BYTES = 140

// What would be a hidden file, one of our own segments, or the beginning of a virtual prefix.
const RESERVED_START = /^[.@+]/
// What some file system forbids or drops, and text that has no UTF-8 form.
const UNSAFE = /[/\\<>:"|?*\p{Cc}\p{Cs}]|[. ]$/u
// Device names of Windows, with whatever extension.
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?: *\.|$)/i

/**
 * True for text that may be the id of a content object: a name that every file system takes, that
 * needs no care in a URL beyond percent-encoding, and that cannot be mistaken for something of ours.
 */
export function isContentId(text: string): boolean {
  return (
    text !== '' &&
    utf8Length(text) <= ID_BYTES &&
    text.normalize('NFC') === text &&
    !RESERVED_START.test(text) &&
    !UNSAFE.test(text) &&
    !DEVICE.test(text)
  )
}

/** True for what Windows takes for a device, whatever its extension. */
export function isDeviceName(text: string): boolean {
  return DEVICE.test(text)
}

/** Bytes that a text takes in UTF-8. */
export function utf8Length(text: string): number {
  return Buffer.byteLength(text, 'utf8')
}
