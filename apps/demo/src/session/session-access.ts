import type { ContentAccess, Principal } from '@tusker/content'
import type { HttpRequest, HttpResponse, RequestHandler } from '@tusker/core'
import { UploadError } from '@tusker/core'
import { isOfPage, isOurs } from './same-origin.ts'
import type { Sessions } from './sessions.ts'

/** What a session's access stands on. */
export interface SessionPorts {
  readonly sessions: Sessions
  /** Other origins whose pages may act for whoever is signed in. */
  readonly trusted: ReadonlySet<string>
}

/** Who is signed in on the page, or whoever `inner` finds in the request. */
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
      // Credentials that browsers do not send by themselves are somebody's own doing.
      const known = await inner.identify(request)
      if (known !== null) return known
      throw new UploadError('forbidden', 'the page of another site may not do this')
    },
  }
}

/** A refusal with a way of signing in that no browser knows, and asks its user for a password about. */
export function quietly(response: HttpResponse): HttpResponse {
  if (response.status !== 401) return response
  const challenge = { 'www-authenticate': 'Session realm="content"' }
  return { ...response, headers: { ...response.headers, ...challenge } }
}

/** Keeps browsers from asking for a password by themselves where the page does. */
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
