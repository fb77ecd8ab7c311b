/** What a client presented. */
export interface Credentials {
  readonly name: string
  readonly password: string
}

const BASIC = /^basic +([\w+/=-]+) *$/i

/** Reads `Authorization` in the Basic scheme (RFC 7617, in UTF-8). Null for anything else. */
export function readBasicCredentials(field: string | null): Credentials | null {
  const [, encoded] = BASIC.exec(field ?? '') ?? []
  if (encoded === undefined) return null
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon === -1) return null
  return { name: text.slice(0, colon), password: text.slice(colon + 1) }
}
