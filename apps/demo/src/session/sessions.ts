import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** Somebody who signed in on the page. */
export interface Session {
  readonly name: string
  readonly expiresAt: Date
}

/** Sessions that are kept by nobody but the browsers they were given to. */
export interface Sessions {
  readonly cookieName: string
  /** The cookie's value for a new session. */
  issue(name: string): { readonly value: string; readonly session: Session }
  /** The session of a request with this `Cookie` field; null without one that is still good. */
  read(cookies: string | null): Session | null
  /** True for a request that has such a cookie, good or not. */
  isIn(cookies: string | null): boolean
}

/** Milliseconds. */
const LIFETIME = 12 * 60 * 60 * 1_000

/**
 * Sessions signed with `secret`. They end with their time, and when the user goes or gets another
 * password: `users` are passwords by name, as in the settings.
 */
export function sessions(secret: Buffer, users: Readonly<Record<string, string>>): Sessions {
  // Cookies know no ports: two demos on one host must not sign each other's users out.
  const cookieName = `tusker-${createHash('sha256').update(secret).digest('hex').slice(0, 8)}`

  function signatureOf(name: string, expires: string): Buffer | null {
    const password = Object.hasOwn(users, name) ? users[name] : undefined
    if (password === undefined) return null
    return createHmac('sha256', secret)
      .update(JSON.stringify([name, expires, password]))
      .digest()
  }

  const valueIn = (cookies: string | null): string | null => cookieNamed(cookieName, cookies)

  return {
    cookieName,
    issue(name) {
      const expiresAt = new Date(Date.now() + LIFETIME)
      const expires = String(expiresAt.getTime())
      const signature = signatureOf(name, expires)
      if (signature === null) throw new Error('there is no such user')
      const parts = [Buffer.from(name).toString('base64url'), expires]
      const value = [...parts, signature.toString('base64url')].join('.')
      return { value, session: { name, expiresAt } }
    },
    read(cookies) {
      const [encoded = '', expires = '', signature = '', ...rest] =
        valueIn(cookies)?.split('.') ?? []
      const name = Buffer.from(encoded, 'base64url').toString('utf8')
      const expected = signatureOf(name, expires)
      const given = Buffer.from(signature, 'base64url')
      if (expected === null || rest.length > 0 || given.byteLength !== expected.byteLength) {
        return null
      }
      if (!timingSafeEqual(given, expected) || Number(expires) <= Date.now()) return null
      return { name, expiresAt: new Date(Number(expires)) }
    },
    isIn: (cookies) => valueIn(cookies) !== null,
  }
}

function cookieNamed(name: string, cookies: string | null): string | null {
  const prefix = `${name}=`
  const cookie = (cookies ?? '').split(/; */).find((each) => each.startsWith(prefix))
  return cookie?.slice(prefix.length) ?? null
}
