import type { RequestHandler } from '@tusker/core'
import { errorResponse, UploadError } from '@tusker/core'
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Credentials } from '../settings/settings.ts'

/**
 * Lets nobody in who does not present what is in `credentials`; everybody when there is nothing. No
 * request is an exception: what an OPTIONS request means is up to a field in it.
 */
export function guarded<Context>(
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
      const presented = digest(usual(request.headers.get('authorization')))
      // Digests are equally long, and comparing them tells nothing of what is in them.
      if (digests.some((each) => timingSafeEqual(each, presented))) return handler.handle(request)
      const message = 'sign in first, with the name and password or the token of this server'
      const error = new UploadError('unauthenticated', message, { headers })
      return Promise.resolve(errorResponse(request, error))
    },
  }
}

/** The scheme may be in any case, and more than one space may follow it (RFC 9110, section 11.4). */
function usual(field: string | null): string {
  const [, scheme = '', rest = ''] = /^(\w+) +(\S+) *$/.exec(field ?? '') ?? []
  return `${scheme.toLowerCase()} ${rest}`
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
