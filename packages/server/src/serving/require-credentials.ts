import type { RequestHandler } from '@tusker/core'
import { errorResponse, UploadError } from '@tusker/core'
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Credentials } from '../settings/settings.ts'

/**
 * Passes a request on only when it presents the user or the token. Without credentials in the settings
 * it passes every request on. OPTIONS is no exception: a header field of it can name another method.
 */
export function requireCredentials<Context>(
  handler: RequestHandler<Context>,
  { user, token }: Credentials,
): RequestHandler<Context> {
  const accepted: string[] = []
  const challenges: string[] = []
  if (user !== undefined) {
    accepted.push(`basic ${Buffer.from(`${user.name}:${user.password}`).toString('base64')}`)
    challenges.push('Basic realm="uploads", charset="UTF-8"')
  }
  if (token !== undefined) {
    accepted.push(`bearer ${token}`)
    challenges.push('Bearer realm="uploads"')
  }
  if (accepted.length === 0) return handler
  const digests = accepted.map(digest)
  const headers = { 'www-authenticate': challenges.join(', ') }

  return {
    matches: (path) => handler.matches(path),
    handle(request) {
      const presented = digest(normalized(request.headers.get('authorization')))
      // Digests have one length, and the time of comparing them says nothing about the credentials.
      if (digests.some((each) => timingSafeEqual(each, presented))) return handler.handle(request)
      const message = 'sign in first, with the name and password or the token of this server'
      const error = new UploadError('unauthenticated', message, { headers })
      return Promise.resolve(errorResponse(request, error))
    },
  }
}

/** The scheme is valid in any case, and several spaces may follow it (RFC 9110, section 11.4). */
function normalized(field: string | null): string {
  const [, scheme = '', rest = ''] = /^(\w+) +(\S+) *$/.exec(field ?? '') ?? []
  return `${scheme.toLowerCase()} ${rest}`
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
