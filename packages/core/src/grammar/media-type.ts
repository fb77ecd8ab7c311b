/** A media type as it may be sent. */
export interface MediaType {
  /** Type and subtype in lower case, without parameters. */
  readonly essence: string
  /** The essence with its parameters as they were given. */
  readonly text: string
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const QUOTED = '"(?:[\\t \\x21\\x23-\\x5b\\x5d-\\x7e]|\\\\[\\t\\x20-\\x7e])*"'
const PARAMETER = `[ \\t]*;[ \\t]*${TOKEN}=(?:${TOKEN}|${QUOTED})`
const MEDIA_TYPE = new RegExp(`^[ \\t]*(${TOKEN}/${TOKEN})((?:${PARAMETER})*)[ \\t]*$`)

/** Longer than any real one; what exceeds it would only fill the response's head. */
const MAX_CHARACTERS = 255

/** Reads a media type (RFC 9110, section 8.3.1). Null for anything that cannot be sent as one. */
export function parseMediaType(text: string): MediaType | null {
  if (text.length > MAX_CHARACTERS) return null
  const [, name, parameters = ''] = MEDIA_TYPE.exec(text) ?? []
  if (name === undefined) return null
  const essence = name.toLowerCase()
  return { essence, text: essence + parameters }
}
