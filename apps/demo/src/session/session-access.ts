import type { ContentAccess, Principal } from '@tusker/content'
import type { HttpRequest, HttpResponse, RequestHandler } from '@tusker/core'
import { UploadError } from '@tusker/core'
import { isOfPage, isOurs } from './same-origin.ts'
import type { Sessions } from './sessions.ts'

/** Options of the access by session. */
export interface SessionPorts {
  readonly sessions: Sessions
  /** Other origins whose pages may act for the signed-in user. */
  readonly trusted: ReadonlySet<string>
}

/** Identifies the user by the page's cookie, or else by the credentials that `inner` accepts. */
export function sessionAccess(
  inner: ContentAccess,
  { sessions, trusted }: SessionPorts,
): ContentAccess {
  return {
    challenge: inner.challenge,
    may: (principal, right, path) => inner.may(principal, right, path),
    async identify(request): Promise<Principal | null> {
      const session = sessions.read(request.headers.get('cookie'))
      if (session === null) return inner.identify(request)
      if (isOurs(request, trusted)) return { name: session.name }
      // Browsers do not send these credentials automatically, so another site cannot misuse them.
      const known = await inner.identify(request)
      if (known !== null) return known
      throw new UploadError('forbidden', 'the page of another site may not do this')
    },
  }
}

/** A challenge that no browser knows, so that no browser asks its user for a password. */
export function quietly(response: HttpResponse): HttpResponse {
  if (response.status !== 401) return response
  const challenge = { 'www-authenticate': 'Session realm="content"' }
  return { ...response, headers: { ...response.headers, ...challenge } }
}

/** Keeps browsers from asking for a password where the page itself asks. */
export function askingOnThePage<Handler extends RequestHandler>(
  handler: Handler,
  sessions: Sessions,
): Handler {
  const isQuiet = (request: HttpRequest): boolean =>
    isOfPage(request) || sessions.isIn(request.headers.get('cookie'))

  async function handle(request: HttpRequest): Promise<HttpResponse> {
    const response = await handler.handle(request)
    return isQuiet(request) ? quietly(response) : response
  }
  return { ...handler, handle }
}
