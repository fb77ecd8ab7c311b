/** Scheme and host of a request, as a proxy reports them. Either may be missing. */
export interface ForwardedOrigin {
  readonly proto: string | null
  readonly host: string | null
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const QUOTED = '"(?:[\\t \\x21\\x23-\\x5b\\x5d-\\x7e]|\\\\[\\t\\x20-\\x7e])*"'
const PAIR = new RegExp(`(?:(${TOKEN})=(${TOKEN}|${QUOTED}))?[ \\t]*(;|,|$)[ \\t]*`, 'y')

/**
 * Reads `proto` and `host` of the first element of `Forwarded` (RFC 7239), which comes from the proxy closest
 * to the client. Does not check their values. Null if the element is malformed.
 */
export function parseForwarded(field: string): ForwardedOrigin | null {
  const parameters = new Map<string, string>()
  const text = field.trim()
  PAIR.lastIndex = 0
  for (;;) {
    const [, name, value = '', separator] = PAIR.exec(text) ?? []
    if (separator === undefined) return null
    if (name !== undefined) {
      const key = name.toLowerCase()
      if (parameters.has(key)) return null
      parameters.set(key, unquoted(value))
    }
    // A list may have empty elements (RFC 9110, section 5.6.1), so this finds the first that is not empty.
    if (separator === '' || (separator === ',' && parameters.size > 0)) break
  }
  return { proto: parameters.get('proto') ?? null, host: parameters.get('host') ?? null }
}

function unquoted(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value
}

const LABEL = '[0-9A-Za-z_](?:[0-9A-Za-z_-]{0,61}[0-9A-Za-z_])?'
const HOST = new RegExp(
  `^(?:${LABEL}(?:\\.${LABEL})*\\.?|\\[[0-9A-Fa-f:.]{2,45}\\])(?::[0-9]{1,5})?$`,
)

/**
 * The web origin (`https://example.com:8443`) of a scheme and a host with an optional port, in its normal
 * form. Null unless the scheme is http or https, and the host is a name, an IPv4 address or an IPv6 address
 * in brackets.
 */
export function parseOrigin(proto: string, host: string): string | null {
  const scheme = proto.toLowerCase()
  if ((scheme !== 'http' && scheme !== 'https') || host.length > 260 || !HOST.test(host))
    return null
  try {
    return new URL(`${scheme}://${host}`).origin
  } catch {
    // The port or the address is out of range.
    return null
  }
}

const SEGMENTS = /^(?:\/(?:[0-9A-Za-z._~!$&'()*+;=:@-]|%[0-9A-Fa-f]{2})+)+$/
// A decoder between client and server could read these as another path.
const DISGUISED = /%(?:2f|5c|[01][0-9a-f]|7f)/i

/**
 * A path to put before other paths, without a slash at its end. Null unless it begins with a slash and has
 * no empty segments and no dot segments, also in encoded form. `/` and empty text return an empty string.
 */
export function parsePathPrefix(text: string): string | null {
  const path = text.replace(/\/$/, '')
  if (path === '') return ''
  if (!SEGMENTS.test(path) || DISGUISED.test(path)) return null
  const segments = path.replace(/%2e/gi, '.').split('/')
  return segments.includes('.') || segments.includes('..') ? null : path
}
