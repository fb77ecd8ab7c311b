import type { ForwardedOrigin } from '../grammar/forwarded.ts'
import { parseForwarded, parseOrigin, parsePathPrefix } from '../grammar/forwarded.ts'
import type { HeaderReader, HttpRequest } from '../model/http.ts'

/** How the URLs that clients are given are made. By default they are paths, right on any host. */
export interface UrlOptions {
  /**
   * The public URL of what the adapter is mounted at, for example `https://example.com/api`. It stands
   * for scheme, host and the request's `prefix` together: an upload at `/files/1` below `/api` is then
   * at `https://example.com/api/files/1`. With it no proxy is asked.
   */
  readonly publicUrl?: string
  /**
   * True for the address of a trusted proxy. Its `X-Forwarded-Proto`, `-Host`, `-Port` and `-Prefix`, or
   * its `Forwarded` (RFC 7239), then decide about URLs. Of a list the first element counts, so the proxy
   * must replace the fields that a client sent and drop those that it does not set. `-Port` counts only
   * if `-Host` has no port. Not called where the host hides the address. An IPv4 address may come as
   * `::ffff:192.0.2.1`.
   */
  readonly trustProxy?: (remoteAddress: string) => boolean
}

/** Makes URLs for clients, and finds out what their URLs name. */
export interface UrlPolicy {
  /**
   * What goes into `Location` for a path below the request's prefix. An absolute URL stays as it is,
   * save that what no URL may contain is percent-encoded.
   */
  locate(request: HttpRequest, location: string): string
  /**
   * The path below the prefix that a URL names, absolute or relative to the request's. Null if it
   * cannot be one of ours. Its host is not compared: clients may know us by any.
   */
  localPath(request: HttpRequest, url: string): string | null
}

/** Where paths below the prefix begin for clients. An empty origin makes path-absolute URLs. */
interface Root {
  readonly origin: string
  readonly path: string
}

/**
 * Makes the policy that `options` describe.
 *
 * A path-absolute URL is given wherever no proxy is trusted, the proxy does not tell both scheme and
 * host, it tells something malformed, or `X-Forwarded-*` and `Forwarded` contradict each other. The
 * `Host` field is never used.
 *
 * @throws Error when `publicUrl` is not an http or https URL, or has more than a host and a path
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
      // Two slashes would begin with a host. The dot segment is resolved away.
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

/** Empty where scheme or host are not told; null where what is told cannot be relied on. */
function forwardedOrigin(headers: HeaderReader): string | null {
  const common: ForwardedOrigin = {
    proto: firstOf(headers, 'x-forwarded-proto'),
    host: withPort(firstOf(headers, 'x-forwarded-host'), firstOf(headers, 'x-forwarded-port')),
  }
  const standard = headers.get('forwarded')
  const isCommonAbsent = common.proto === null && common.host === null
  if (standard === null) return originOf(common)
  if (isCommonAbsent) return originOf(parseForwarded(standard))
  // A proxy that speaks one of the two may pass the other through as the client sent it.
  const origin = originOf(common)
  return origin === originOf(parseForwarded(standard)) ? origin : null
}

/** `X-Forwarded-Host` with the port that the proxy listens at, unless it has one already. */
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

/** Percent-encodes what no URL may contain, line breaks among it, and a backslash, which browsers read as a slash. */
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

/** The path of a URL, resolved against that of the request; null for what is no http URL. */
function pathOf(url: string, requestPath: string): string | null {
  // The URL parser would drop line breaks and turn backslashes around.
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
