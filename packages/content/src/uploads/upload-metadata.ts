import type { UploadMetadata } from '@tusker/core'
import { metadataText } from '@tusker/core'

/** What a client says about the content it uploads. */
export interface UploadWishes {
  /** As the client gave it, directories and all. */
  readonly fileName: string | null
  readonly mediaType: string
  /** The type of the content object to make. */
  readonly type: string | null
  /** The field to fill instead of the primary one. */
  readonly field: string | null
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const MEDIA_TYPE = new RegExp(`^${TOKEN}/${TOKEN}(?:[ \\t]*;[\\x20-\\x7e]*)?$`)

/**
 * Reads the keys that clients of one kind or another send, ignoring their case. A media type that is
 * none is nothing to refuse an upload for: browsers send an empty one for what they do not know.
 */
export function wishesOf(metadata: UploadMetadata): UploadWishes {
  const read = readerOf(metadata)
  const mediaTypes = ['content-type', 'filetype', 'type'].map(read)
  return {
    fileName: read('filename') ?? read('name'),
    mediaType: mediaTypes.find(isMediaType) ?? 'application/octet-stream',
    type: read('@type'),
    field: read('fieldname'),
  }
}

/** A key without a value, or with one that is no text, counts as absent. */
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
