/** A media type that can be sent in a header field. */
export interface MediaType {
  /** Type and subtype in lower case, without parameters. */
  readonly essence: string
  /** The essence with its parameters as received. */
  readonly text: string
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const QUOTED = '"(?:[\\t \\x21\\x23-\\x5b\\x5d-\\x7e]|\\\\[\\t\\x20-\\x7e])*"'
const PARAMETER = `[ \\t]*;[ \\t]*${TOKEN}=(?:${TOKEN}|${QUOTED})`
const MEDIA_TYPE = new RegExp(`^[ \\t]*(${TOKEN}/${TOKEN})((?:${PARAMETER})*)[ \\t]*$`)

/** Longer than any real media type. A longer text would only waste header space. */
const MAX_CHARACTERS = 255

/** Reads a media type (RFC 9110, section 8.3.1). Null if the text is not a media type. */
export function parseMediaType(text: string): MediaType | null {
  if (text.length > MAX_CHARACTERS) return null
  const [, name, parameters = ''] = MEDIA_TYPE.exec(text) ?? []
  if (name === undefined) return null
  const essence = name.toLowerCase()
  return { essence, text: essence + parameters }
}
