import type { ForwardedOrigin } from '../grammar/forwarded.ts'
import { parseForwarded, parseOrigin, parsePathPrefix } from '../grammar/forwarded.ts'
import type { HeaderReader, HttpRequest } from '../model/http.ts'

/** How the server builds URLs for clients. By default they are absolute paths, which work on any host. */
export interface UrlOptions {
  /**
   * The public URL of the place where the adapter is mounted, for example `https://example.com/api`. It
   * replaces scheme, host and the `prefix` of the request: an upload at `/files/1` below `/api` then has the
   * URL `https://example.com/api/files/1`. The server then ignores the fields of proxies.
   */
  readonly publicUrl?: string
  /**
   * Returns true for the address of a trusted proxy. The server then builds URLs from the fields of the
   * proxy: `X-Forwarded-Proto`, `-Host`, `-Port` and `-Prefix`, or `Forwarded` (RFC 7239). It uses the first
   * element of a list. So the proxy must replace the fields that a client sent, and remove those that
   * it does not set. `-Port` is used only if `-Host` has no port. Not called if the host does not report the
   * address. An IPv4 address may have the form `::ffff:192.0.2.1`.
   */
  readonly trustProxy?: (remoteAddress: string) => boolean
}

/** Builds URLs for clients, and reads the URLs that clients send. */
export interface UrlPolicy {
  /**
   * The value of `Location` for a path below the prefix of the request. An absolute URL stays as it is. In
   * both, characters that a URL must not contain are percent-encoded.
   */
  locate(request: HttpRequest, location: string): string
  /**
   * The path below the prefix for a URL that is absolute, or relative to the URL of the request. Null if it
   * cannot be a URL of this server. The host is not compared: clients may use any name of the server.
   */
  localPath(request: HttpRequest, url: string): string | null
}

/** The start of every URL for clients. If the origin is empty, URLs are absolute paths. */
interface Root {
  readonly origin: string
  readonly path: string
}

/**
 * Creates the policy for `options`.
 *
 * URLs are absolute paths if no proxy is trusted, if the proxy does not send both scheme and host, if its
 * fields are malformed, or if `X-Forwarded-*` and `Forwarded` contradict each other. The `Host` field is
 * never used.
 *
 * @throws Error when `publicUrl` is not an http or https URL, or has anything but a host and a path
 */
export function urlPolicy(options: UrlOptions): UrlPolicy {
  const publicRoot = options.publicUrl === undefined ? null : parsePublicUrl(options.publicUrl)

  function rootOf(request: HttpRequest): Root {
    return publicRoot ?? forwardedRoot(request) ?? { origin: '', path: request.prefix }
  }

  function forwardedRoot(request: HttpRequest): Root | null {
    if (request.remoteAddress === null || !options.trustProxy?.(request.remoteAddress)) return null
    const origin = forwardedOrigin(request.headers)
    const prefix = parsePathPrefix(firstOf(request.headers, 'x-forwarded-prefix') ?? '')
    if (origin === null || prefix === null) return null
    return { origin, path: prefix + request.prefix }
  }

  return {
    locate(request, location) {
      if (ABSOLUTE.test(location)) return encoded(location)
      const root = rootOf(request)
      const path = encoded(joined(root.path, location))
      // After two slashes a client would read a host. It removes the dot segment.
      return root.origin === '' && path.startsWith('//') ? `/.${path}` : root.origin + path
    },

    localPath(request, url) {
      const root = rootOf(request)
      const path = pathOf(url, joined(root.path, request.path))
      if (path === null) return null
      return below(path, root.path) ?? below(path, request.prefix)
    },
  }
}

function parsePublicUrl(text: string): Root {
  const wrong = `publicUrl must be like https://example.com/api, without query or credentials: "${text}"`
  if (!/^https?:\/\/[^/\\\s?#@]+(?:\/[^\\\s?#]*)?$/i.test(text)) throw new Error(wrong)
  const url = parsed(text)
  const path = url === null ? null : parsePathPrefix(url.pathname)
  if (url === null || path === null) throw new Error(wrong)
  return { origin: url.origin, path }
}

/** Empty if the proxy did not send scheme or host; null if its fields are malformed or contradictory. */
function forwardedOrigin(headers: HeaderReader): string | null {
  const common: ForwardedOrigin = {
    proto: firstOf(headers, 'x-forwarded-proto'),
    host: withPort(firstOf(headers, 'x-forwarded-host'), firstOf(headers, 'x-forwarded-port')),
  }
  const standard = headers.get('forwarded')
  const isCommonAbsent = common.proto === null && common.host === null
  if (standard === null) return originOf(common)
  if (isCommonAbsent) return originOf(parseForwarded(standard))
  // A proxy that sets one of the two fields may forward the other one as the client sent it.
  const origin = originOf(common)
  return origin === originOf(parseForwarded(standard)) ? origin : null
}

/** Adds `X-Forwarded-Port` to `X-Forwarded-Host`, unless the host has a port already. */
function withPort(host: string | null, port: string | null): string | null {
  if (host === null || port === null || /:[0-9]*$/.test(host)) return host
  return `${host}:${port}`
}

function originOf(forwarded: ForwardedOrigin | null): string | null {
  if (forwarded === null) return null
  const { proto, host } = forwarded
  return proto === null || host === null ? '' : parseOrigin(proto, host)
}

function firstOf(headers: HeaderReader, name: string): string | null {
  const [first = ''] = (headers.get(name) ?? '').split(',', 1)
  return first.trim() === '' ? null : first.trim()
}

const ABSOLUTE = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//
const BEYOND_URLS = /[^A-Za-z0-9._~:/?#[\]@!$&'()*+,;=%-]+/g

/** Percent-encodes characters that a URL must not contain. Browsers read backslashes as slashes. */
function encoded(url: string): string {
  return url.replace(BEYOND_URLS, (characters) => {
    const bytes = [...new TextEncoder().encode(characters)]
    return bytes.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
  })
}

function joined(root: string, path: string): string {
  const whole = path.startsWith('/') ? root + path : `${root}/${path}`
  return whole.startsWith('/') ? whole : `/${whole}`
}

/** The path of a URL, resolved against the path of the request; null if it is not an http URL. */
function pathOf(url: string, requestPath: string): string | null {
  // The URL parser would remove line breaks and convert backslashes to slashes.
  if (!/^[\x21-\x5b\x5d-\x7e]+$/.test(url)) return null
  const target = parsed(url, `http://host${requestPath}`)
  return target !== null && /^https?:$/.test(target.protocol) ? target.pathname : null
}

function below(path: string, root: string): string | null {
  const prefix = parsed(`http://host${root}`)?.pathname.replace(/\/$/, '')
  return prefix !== undefined && path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : null
}

function parsed(url: string, base?: string): URL | null {
  try {
    return new URL(url, base)
  } catch {
    return null
  }
}
