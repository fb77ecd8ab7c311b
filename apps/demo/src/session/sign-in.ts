import type { ContentAccess } from '@tusker/content'
import { basicAccess } from '@tusker/content'
import type { RequestHandler } from '@tusker/core'
import type { Settings } from '../settings.ts'
import type { Users } from '../users.ts'
import { demoAccountOf } from '../users.ts'
import { sessionSecret } from './secret.ts'
import { sessionAccess } from './session-access.ts'
import { sessionPages } from './session-pages.ts'
import type { Sessions } from './sessions.ts'
import { sessions as sessionsOf } from './sessions.ts'

/** How people and clients sign in. */
export interface SignIn {
  /** By the page's cookie, or by name and password with each request. */
  readonly access: ContentAccess
  readonly sessions: Sessions
  readonly pages: RequestHandler
}

/** Puts signing in together. Makes the secret of the data directory where there is none. */
export async function signIn(settings: Settings, users: Users): Promise<SignIn> {
  const { dataDirectory, publicUrl } = settings
  const passwords = basicAccess(users)
  const sessions = sessionsOf(await sessionSecret(dataDirectory), users.users)
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

/** Whose pages may use the cookie of the page: the demo's own, and those that CORS lets in. */
function trustedOrigins({ publicUrl, corsOrigins }: Settings): ReadonlySet<string> {
  const own = publicUrl === undefined ? [] : [new URL(publicUrl).origin]
  return new Set(typeof corsOrigins === 'object' ? [...own, ...corsOrigins] : own)
}
