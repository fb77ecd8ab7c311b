import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { EndedSessions } from './ended-sessions.ts'

/** A user who is signed in on the page. */
export interface Session {
  /** It stays when the session is renewed. */
  readonly id: string
  readonly name: string
  readonly expiresAt: Date
  /** True when the cookie was set over https, and must not be sent over http. */
  readonly secure: boolean
  /** When the user entered the password. */
  readonly startedAt: Date
}

/** Sessions in signed cookies, which the browsers keep. The server keeps those that were ended. */
export interface Sessions {
  readonly cookieName: string
  /** The cookie's value for a new session. */
  issue(name: string, secure: boolean): SignedSession
  /** The cookie's value that extends the session. */
  renew(session: Session): SignedSession
  /** Ends the session, also for copies of its cookie and in other processes with the same data directory. */
  end(session: Session): Promise<void>
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
export const LONGEST_SESSION = 7 * 24 * HOUR

/**
 * Sessions signed with `secret`. A session ends when the user signs out, when it expires, when its user is
 * removed, or when the user's password changes. `users` are passwords by name, as in the settings.
 */
export function sessions(
  secret: Buffer,
  users: Readonly<Record<string, string>>,
  ended: EndedSessions,
): Sessions {
  // Cookies ignore ports. Two demos on one host must not sign each other's users out.
  const cookieName = `tusker-${createHash('sha256').update(secret).digest('hex').slice(0, 8)}`

  function signatureOf(name: string, terms: string): Buffer | null {
    const password = Object.hasOwn(users, name) ? users[name] : undefined
    if (password === undefined) return null
    return createHmac('sha256', secret)
      .update(JSON.stringify([name, terms, password]))
      .digest()
  }

  function signed({ id, name, secure, startedAt }: Omit<Session, 'expiresAt'>): SignedSession {
    const end = Math.min(Date.now() + LIFETIME, startedAt.getTime() + LONGEST_SESSION)
    const terms = `${end}-${startedAt.getTime()}-${id}${secure ? '-s' : ''}`
    const signature = signatureOf(name, terms)
    if (signature === null) throw new Error('there is no such user')
    const parts = [Buffer.from(name).toString('base64url'), terms, signature.toString('base64url')]
    const session = { id, name, secure, startedAt, expiresAt: new Date(end) }
    return { value: parts.join('.'), session }
  }

  const valueIn = (cookies: string | null): string | null => cookieNamed(cookieName, cookies)

  return {
    cookieName,
    issue: (name, secure) => signed({ id: newId(), name, secure, startedAt: new Date() }),
    renew: signed,
    end: ({ id }) => ended.add(id),
    read(cookies) {
      const [encoded = '', terms = '', signature = '', ...rest] = valueIn(cookies)?.split('.') ?? []
      const name = Buffer.from(encoded, 'base64url').toString('utf8')
      const expected = signatureOf(name, terms)
      const given = Buffer.from(signature, 'base64url')
      if (expected === null || rest.length > 0 || given.byteLength !== expected.byteLength) {
        return null
      }
      if (!timingSafeEqual(given, expected)) return null
      const [, expires, started, id, flag] = TERMS.exec(terms) ?? []
      // An earlier version wrote values without these fields.
      if (expires === undefined || started === undefined || id === undefined) return null
      if (Number(expires) <= Date.now() || ended.has(id)) return null
      return {
        id,
        name,
        secure: flag !== undefined,
        startedAt: new Date(Number(started)),
        expiresAt: new Date(Number(expires)),
      }
    },
    isIn: (cookies) => valueIn(cookies) !== null,
  }
}

const TERMS = /^(\d+)-(\d+)-([0-9a-f]{32})(-s)?$/

function newId(): string {
  return randomBytes(16).toString('hex')
}

function cookieNamed(name: string, cookies: string | null): string | null {
  const prefix = `${name}=`
  const cookie = (cookies ?? '').split(/; */).find((each) => each.startsWith(prefix))
  return cookie?.slice(prefix.length) ?? null
}
