import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** A user who is signed in on the page. */
export interface Session {
  readonly name: string
  readonly expiresAt: Date
  /** True when the cookie was set over https, and must not be sent over http. */
  readonly secure: boolean
  /** When the user entered the password. */
  readonly startedAt: Date
}

/** Sessions that only the browsers keep, in signed cookies. */
export interface Sessions {
  readonly cookieName: string
  /** The cookie's value for a new session. */
  issue(name: string, secure: boolean): SignedSession
  /** The cookie's value that extends the session. */
  renew(session: Session): SignedSession
  /** The session of a request with this `Cookie` field; null without a valid session. */
  read(cookies: string | null): Session | null
  /** True for a request that has a session cookie, valid or not. */
  isIn(cookies: string | null): boolean
}

/** A session and the value of its cookie. */
export interface SignedSession {
  readonly value: string
  readonly session: Session
}

const HOUR = 60 * 60 * 1_000
/** Milliseconds without a visit to the page after which a session ends. */
const LIFETIME = 12 * HOUR
/** Milliseconds after which the user has to enter the password again. */
const LONGEST = 7 * 24 * HOUR

/**
 * Sessions signed with `secret`. A session ends when it expires, when its user is removed, or when the
 * user's password changes. `users` are passwords by name, as in the settings.
 */
export function sessions(secret: Buffer, users: Readonly<Record<string, string>>): Sessions {
  // Cookies ignore ports. Two demos on one host must not sign each other's users out.
  const cookieName = `tusker-${createHash('sha256').update(secret).digest('hex').slice(0, 8)}`

  function signatureOf(name: string, terms: string): Buffer | null {
    const password = Object.hasOwn(users, name) ? users[name] : undefined
    if (password === undefined) return null
    return createHmac('sha256', secret)
      .update(JSON.stringify([name, terms, password]))
      .digest()
  }

  function signed({
    name,
    secure,
    startedAt,
  }: Pick<Session, 'name' | 'secure' | 'startedAt'>): SignedSession {
    const end = Math.min(Date.now() + LIFETIME, startedAt.getTime() + LONGEST)
    const terms = `${end}-${startedAt.getTime()}${secure ? '-s' : ''}`
    const signature = signatureOf(name, terms)
    if (signature === null) throw new Error('there is no such user')
    const parts = [Buffer.from(name).toString('base64url'), terms, signature.toString('base64url')]
    const session = { name, secure, startedAt, expiresAt: new Date(end) }
    return { value: parts.join('.'), session }
  }

  const valueIn = (cookies: string | null): string | null => cookieNamed(cookieName, cookies)

  return {
    cookieName,
    issue: (name, secure) => signed({ name, secure, startedAt: new Date() }),
    renew: signed,
    read(cookies) {
      const [encoded = '', terms = '', signature = '', ...rest] = valueIn(cookies)?.split('.') ?? []
      const name = Buffer.from(encoded, 'base64url').toString('utf8')
      const expected = signatureOf(name, terms)
      const given = Buffer.from(signature, 'base64url')
      if (expected === null || rest.length > 0 || given.byteLength !== expected.byteLength) {
        return null
      }
      if (!timingSafeEqual(given, expected)) return null
      const [, expires, started, flag] = /^(\d+)-(\d+)(-s)?$/.exec(terms) ?? []
      // An earlier version wrote values without these fields.
      if (expires === undefined || started === undefined) return null
      if (Number(expires) <= Date.now()) return null
      return {
        name,
        secure: flag !== undefined,
        startedAt: new Date(Number(started)),
        expiresAt: new Date(Number(expires)),
      }
    },
    isIn: (cookies) => valueIn(cookies) !== null,
  }
}

function cookieNamed(name: string, cookies: string | null): string | null {
  const prefix = `${name}=`
  const cookie = (cookies ?? '').split(/; */).find((each) => each.startsWith(prefix))
  return cookie?.slice(prefix.length) ?? null
}
