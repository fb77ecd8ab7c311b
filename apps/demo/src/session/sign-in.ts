import type { ContentAccess } from '@tusker/content'
import { basicAccess } from '@tusker/content'
import type { RequestHandler } from '@tusker/core'
import type { Settings } from '../settings.ts'
import type { Users } from '../users.ts'
import { demoAccountOf } from '../users.ts'
import { endedSessions } from './ended-sessions.ts'
import { sessionSecret } from './secret.ts'
import { sessionAccess } from './session-access.ts'
import { sessionPages } from './session-pages.ts'
import type { Sessions } from './sessions.ts'
import { LONGEST_SESSION, sessions as sessionsOf } from './sessions.ts'

/** Sign-in for people and for clients. */
export interface SignIn {
  /** Identifies users by the page's cookie, or by name and password in each request. */
  readonly access: ContentAccess
  readonly sessions: Sessions
  readonly pages: RequestHandler
}

/** Sets up sign-in. Creates what is missing of it in the data directory. */
export async function signIn(settings: Settings, users: Users): Promise<SignIn> {
  const { dataDirectory, publicUrl } = settings
  const passwords = basicAccess(users)
  const secret = await sessionSecret(dataDirectory)
  const ended = await endedSessions(dataDirectory, LONGEST_SESSION)
  const sessions = sessionsOf(secret, users.users, ended)
  const ports = { sessions, trusted: trustedOrigins(settings) }
  return {
    sessions,
    access: sessionAccess(passwords, ports),
    pages: sessionPages({
      ...ports,
      access: passwords,
      publicUrl,
      demoAccount: demoAccountOf(users),
    }),
  }
}

/** The origins whose pages may use the cookie: the demo's own, and those that CORS allows. */
function trustedOrigins({ publicUrl, corsOrigins }: Settings): ReadonlySet<string> {
  const own = publicUrl === undefined ? [] : [new URL(publicUrl).origin]
  return new Set(typeof corsOrigins === 'object' ? [...own, ...corsOrigins] : own)
}
