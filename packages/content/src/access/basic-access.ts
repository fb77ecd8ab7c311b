import type { HttpRequest } from '@tusker/core'
import type { ContentPath } from '../paths/content-path.ts'
import type { ContentAccess, Principal, Right } from './access.ts'
import { unauthenticated } from './access.ts'
import { readBasicCredentials } from './basic-credentials.ts'
import { oneAtATime } from './one-at-a-time.ts'
import type { InTurn, PasswordCheck } from './passwords.ts'
import { decoyCheck, passwordCheck } from './passwords.ts'
import { rightsByPath } from './rights-by-path.ts'

/** Users and rights as they stand in a settings file. */
export interface BasicAccessOptions {
  /** Passwords by user name, plain or as `hashPassword` gives them. */
  readonly users: Readonly<Record<string, string>>
  /**
   * Rights by path and, below it, by user name, `*` for anybody who is signed in, or `anonymous` for
   * everybody. They hold for everything below the path, until a deeper path names the same user anew.
   */
  readonly rights: Readonly<Record<ContentPath, Readonly<Record<string, readonly Right[]>>>>
  /** What browsers show when they ask for a password. `content` by default. */
  readonly realm?: string
}

const SIGNING_IN = 64

/**
 * Access by user name and password, HTTP's Basic scheme (RFC 7617). For use over TLS.
 *
 * @throws Error when a user, a password hash or a path among the rights makes no sense
 */
export function basicAccess(options: BasicAccessOptions): ContentAccess {
  const inTurn = oneAtATime(SIGNING_IN)
  const checks = checksOf(options.users, inTurn)
  const rights = rightsByPath(options.rights)
  // Where passwords are hashed, the time of an answer must not tell which users exist.
  const hashed = Object.values(options.users).some((setting) => setting.startsWith('scrypt:'))
  const decoy = hashed ? decoyCheck(inTurn) : () => false
  const realm = (options.realm ?? 'content').replace(/[^\x20-\x7e]|["\\]/g, '')
  const challenge = `Basic realm="${realm}", charset="UTF-8"`

  return {
    challenge,
    async identify(request: HttpRequest): Promise<Principal | null> {
      const credentials = readBasicCredentials(request.headers.get('authorization'))
      if (credentials === null) return null
      const check = checks.get(credentials.name) ?? decoy
      if (await check(credentials.password)) return { name: credentials.name }
      throw unauthenticated({ challenge }, 'there is no such user, or the password is wrong')
    },
    may: (principal, right, path) =>
      (principal === null ? ['anonymous'] : [principal.name, '*', 'anonymous']).some((who) =>
        rights(who, path).includes(right),
      ),
  }
}

function checksOf(
  users: BasicAccessOptions['users'],
  inTurn: InTurn,
): ReadonlyMap<string, PasswordCheck> {
  const checks = new Map<string, PasswordCheck>()
  for (const [name, setting] of Object.entries(users)) {
    if (name === '*' || name === 'anonymous' || name === '' || name.includes(':')) {
      throw new Error(`no user can be called "${name}"`)
    }
    checks.set(name, passwordCheck(setting, inTurn))
  }
  return checks
}
