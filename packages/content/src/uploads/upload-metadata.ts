import type { UploadMetadata } from '@tusker/core'
import { fileNameOf, metadataText } from '@tusker/core'
import { shortFileName } from '../paths/names.ts'

/** The content that a client asks for in the metadata of an upload. */
export interface RequestedContent {
  /** The last segment of the name that the client sent; null without one. */
  readonly fileName: string | null
  readonly mediaType: string
  /** The type of the content object to create. */
  readonly type: string | null
  /** The field to fill instead of the primary one. */
  readonly field: string | null
  /** What the client wants when the name is taken, as it was sent. See `ConflictRule`. */
  readonly conflict: string | null
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const MEDIA_TYPE = new RegExp(`^${TOKEN}/${TOKEN}(?:[ \\t]*;[\\x20-\\x7e]*)?$`)

/**
 * Reads the keys that different clients send, in any case. An invalid media type does not refuse the
 * upload: browsers send an empty one for files that they do not know.
 */
export function requestedContent(metadata: UploadMetadata): RequestedContent {
  const read = readerOf(metadata)
  const mediaTypes = ['content-type', 'filetype', 'type'].map(read)
  const fileName = fileNameOf(metadata)
  return {
    fileName: fileName === null ? null : shortFileName(fileName),
    mediaType: mediaTypes.find(isMediaType) ?? 'application/octet-stream',
    type: read('@type'),
    field: read('fieldname'),
    conflict: read('conflict'),
  }
}

/** A key without a value, or with a value that is not text, counts as absent. */
function readerOf(metadata: UploadMetadata): (name: string) => string | null {
  const keys = new Map([...metadata.keys()].map((key) => [key.toLowerCase(), key]))
  return (name) => {
    const key = keys.get(name)
    return key === undefined ? null : metadataText(metadata, key) || null
  }
}

function isMediaType(text: string | null): text is string {
  return text !== null && text.length <= 200 && MEDIA_TYPE.test(text)
}
