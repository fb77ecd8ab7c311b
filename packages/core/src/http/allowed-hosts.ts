import { UploadError } from '../model/error.ts'
import type { HttpRequest, RequestHandler } from '../model/http.ts'
import { errorResponse } from './error-response.ts'

/**
 * Refuses requests that name another host, with 421. A page of another site can give its own name the address
 * of this machine (DNS rebinding). For the browser the server then belongs to that site. Only the `Host` field
 * shows it. Addresses and `localhost` are always accepted, because no other site can have such a name.
 *
 * @param hosts names without a port, for example `files.example.com`
 * @throws TypeError when a name has a scheme, a port or a path
 */
export function withAllowedHosts<Context>(
  hosts: readonly string[],
  handler: RequestHandler<Context>,
): RequestHandler<Context> {
  for (const host of hosts) assertName(host)
  const allowed = new Set(hosts.map((host) => host.toLowerCase()))

  function isAllowed({ headers }: HttpRequest<Context>): boolean {
    const field = headers.get('host')
    // A browser always sends it.
    if (field === null) return true
    const name = field.replace(/:\d*$/, '').replace(/\.$/, '').toLowerCase()
    return ALWAYS.test(name) || allowed.has(name)
  }

  return {
    matches: (path) => handler.matches(path),
    handle(request) {
      if (isAllowed(request)) return handler.handle(request)
      const message = 'this server is not known by the name in the host field'
      const error = new UploadError('forbidden', message)
      return Promise.resolve(errorResponse(request, error, MISDIRECTED))
    },
  }
}

const MISDIRECTED = 421

/** An address of IPv4 or IPv6, or a name that always means this machine (RFC 6761). */
const ALWAYS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\]|(?:[a-z0-9-]+\.)*localhost)$/

function assertName(host: string): void {
  if (/^[\w-]+(?:\.[\w-]+)*$/.test(host)) return
  throw new TypeError(`"${host}" is no host name; give it without scheme, port and path`)
}
