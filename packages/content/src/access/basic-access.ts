import type { HttpRequest } from '@tusker/core'
import type { ContentPath } from '../paths/content-path.ts'
import type { ContentAccess, Principal, Right } from './access.ts'
import { unauthenticated } from './access.ts'
import { readBasicCredentials } from './basic-credentials.ts'
import type { PasswordCheck } from './passwords.ts'
import { decoyCheck, passwordCheck } from './passwords.ts'
import { rightsByPath } from './rights-by-path.ts'
import type { InTurn } from './sign-in-queue.ts'
import { signInQueue } from './sign-in-queue.ts'

/** Users and rights as they stand in a settings file. */
export interface BasicAccessOptions {
  /** Passwords by user name, plain or as `hashPassword` returns them. */
  readonly users: Readonly<Record<string, string>>
  /**
   * Rights by path and, for each path, by user name, `*` for every signed-in user, or `anonymous` for
   * everyone. They apply to everything below the path, until a deeper path names the same user again.
   */
  readonly rights: Readonly<Record<ContentPath, Readonly<Record<string, readonly Right[]>>>>
  /** The name that browsers show when they ask for a password. `content` by default. */
  readonly realm?: string
}

/**
 * Access by user name and password, HTTP's Basic scheme (RFC 7617). For use over TLS. Clients that
 * try many passwords get 429; see `docs/authentication.md` for the limits.
 *
 * @throws Error when a user, a password hash or a path of the rights is not valid
 */
export function basicAccess(options: BasicAccessOptions): ContentAccess {
  const { users } = options
  const inTurn = signInQueue()
  const checks = checksOf(users, inTurn)
  const rights = rightsByPath(options.rights)
  const decoy = decoyCheck(Object.values(users), inTurn)
  const realm = (options.realm ?? 'content').replace(/[^\x20-\x7e]|["\\]/g, '')
  const challenge = `Basic realm="${realm}", charset="UTF-8"`

  /** The names in the rights that stand for a principal. A removed user has only the rights of an anonymous client. */
  function namesFor(principal: Principal | null): readonly string[] {
    if (principal === null || !checks.has(principal.name)) return ['anonymous']
    return [principal.name, '*', 'anonymous']
  }

  return {
    challenge,
    async identify(request: HttpRequest): Promise<Principal | null> {
      const credentials = readBasicCredentials(request.headers.get('authorization'))
      if (credentials === null) return null
      const { name, password } = credentials
      const check = checks.get(name)
      const attempt = { name, isUser: check !== undefined, address: request.remoteAddress }
      if (await (check ?? decoy)(password, attempt)) return { name }
      throw unauthenticated({ challenge }, 'wrong name or password')
    },
    may: (principal, right, path) =>
      namesFor(principal).some((name) => rights.at(name, path).includes(right)),
    pathsWithRules: rights.below,
  }
}

function checksOf(
  users: BasicAccessOptions['users'],
  inTurn: InTurn,
): ReadonlyMap<string, PasswordCheck> {
  const checks = new Map<string, PasswordCheck>()
  for (const [name, setting] of Object.entries(users)) {
    if (name === '*' || name === 'anonymous' || name === '' || name.includes(':')) {
      throw new Error(`users: "${name}" cannot be the name of a user`)
    }
    checks.set(name, passwordCheck(setting, inTurn))
  }
  return checks
}
