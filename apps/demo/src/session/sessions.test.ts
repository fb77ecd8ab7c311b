import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { EndedSessions } from './ended-sessions.ts'
import { endedSessions } from './ended-sessions.ts'
import { isOfPage, isOurs } from './same-origin.ts'
import { sessionSecret } from './secret.ts'
import { sessions } from './sessions.ts'

afterEach(() => void vi.useRealTimers())

const SECRET = randomBytes(32)
const USERS = { ada: 'one', 'böb.x': 'two' }
const NONE: EndedSessions = { has: () => false, add: () => Promise.resolve() }

describe('a session', () => {
  const made = sessions(SECRET, USERS, NONE)
  const cookie = (value: string): string => `other=1; ${made.cookieName}=${value}`

  it.each(['ada', 'böb.x'])('of %s is valid in its own and in another process', (name) => {
    const { value } = made.issue(name, false)
    expect(sessions(SECRET, USERS, NONE).read(cookie(value))?.name).toBe(name)
  })

  it('ends when it expires', () => {
    const { value, session } = made.issue('ada', false)
    vi.useFakeTimers({ now: session.expiresAt.getTime() - 1, toFake: ['Date'] })
    expect(made.read(cookie(value))?.name).toBe('ada')
    vi.setSystemTime(session.expiresAt)
    expect(made.read(cookie(value))).toBeNull()
  })

  it('keeps how its cookie was set when it is renewed', () => {
    const { session } = made.issue('ada', true)
    expect(made.read(cookie(made.renew(session).value))?.secure).toBe(true)
    expect(made.read(cookie(made.issue('ada', false).value))?.secure).toBe(false)
  })

  it('ends a week after the password was entered, however often it is renewed', () => {
    let { session } = made.issue('ada', false)
    const end = session.startedAt.getTime() + 7 * 24 * 60 * 60 * 1_000
    vi.useFakeTimers({ now: session.startedAt, toFake: ['Date'] })
    while (session.expiresAt.getTime() < end) {
      vi.setSystemTime(session.expiresAt.getTime() - 1)
      session = made.renew(session).session
    }
    expect(session.expiresAt.getTime()).toBe(end)
    const { value } = made.renew(session)
    vi.setSystemTime(end)
    expect(made.read(cookie(value))).toBeNull()
  })

  it('ends when its user is removed or gets another password', () => {
    const { value } = made.issue('ada', false)
    expect(sessions(SECRET, { ada: 'other' }, NONE).read(cookie(value))).toBeNull()
    expect(sessions(SECRET, {}, NONE).read(cookie(value))).toBeNull()
  })

  it('cannot be forged', () => {
    const { value } = made.issue('ada', false)
    const [name = '', expires = '', signature = ''] = value.split('.')
    const bob = Buffer.from('böb.x').toString('base64url')
    const forged = [
      `${bob}.${expires}.${signature}`,
      `${name}.${Number(expires) + 1}.${signature}`,
      `${name}.${expires}.`,
      `${name}.${expires}.${signature}.`,
      `${name}.${expires}`,
      Buffer.from('__proto__').toString('base64url'),
      '',
    ]
    for (const each of forged) expect(made.read(cookie(each)), each).toBeNull()
    expect(made.read(null)).toBeNull()
    const other = sessions(randomBytes(32), USERS, NONE).issue('ada', false).value
    expect(made.read(cookie(other))).toBeNull()
  })
})

describe('the ended sessions of a data directory', () => {
  it('are those that a user ended, for every process with the directory, until they expire', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tusker-ended-'))
    try {
      const one = sessions(SECRET, USERS, await endedSessions(directory, 1_000))
      const other = sessions(SECRET, USERS, await endedSessions(directory, 1_000))
      const [ended, kept] = [one.issue('ada', false), one.issue('ada', false)]
      const cookieOf = ({ value }: typeof ended): string => `${one.cookieName}=${value}`
      const renewed = one.renew(ended.session)
      await one.end(ended.session)
      expect(other.read(cookieOf(ended))).toBeNull()
      expect(other.read(cookieOf(renewed))).toBeNull()
      expect(other.read(cookieOf(kept))?.name).toBe('ada')

      const folder = join(directory, 'ended-sessions')
      const past = new Date(Date.now() - 2_000)
      await utimes(join(folder, ended.session.id), past, past)
      await other.end(kept.session)
      expect(await readdir(folder)).toEqual([kept.session.id])
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  })
})

describe('the secret of a data directory', () => {
  it('is created once for concurrent callers, and is kept', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tusker-secret-'))
    try {
      const all = await Promise.all(Array.from({ length: 10 }, () => sessionSecret(directory)))
      const [first] = all
      expect(first).toHaveLength(32)
      for (const each of [...all, await sessionSecret(directory)]) expect(each).toEqual(first)
      expect(await readdir(directory)).toEqual(['session-secret'])
      await writeFile(join(directory, 'session-secret'), 'short')
      await expect(sessionSecret(directory)).rejects.toThrow('delete it')
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  })
})

type Fields = Readonly<Record<string, string>>

const request = (
  method: string,
  fields: Fields,
): { method: string; headers: { get(name: string): string | null } } => ({
  method,
  headers: { get: (name) => fields[name] ?? null },
})

describe('a request', () => {
  const trusted = new Set(['https://friend.example'])
  const HOST = { host: 'demo.example:1080' }

  it.each<[string, Fields]>([
    ['POST', {}],
    ['POST', { 'sec-fetch-site': 'same-origin', origin: 'https://demo.example:1080' }],
    ['POST', { 'sec-fetch-site': 'none' }],
    ['POST', { origin: 'http://demo.example:1080' }],
    ['POST', { 'sec-fetch-site': 'cross-site', origin: 'https://friend.example' }],
    ['GET', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
  ])('is from our own page or from no browser: %s with %j', (method, fields) => {
    expect(isOurs(request(method, { ...HOST, ...fields }), trusted)).toBe(true)
  })

  it.each<[string, Fields]>([
    ['POST', { 'sec-fetch-site': 'cross-site' }],
    ['DELETE', { 'sec-fetch-site': 'same-site', origin: 'http://demo.example:3000' }],
    ['PATCH', { origin: 'http://demo.example:3000' }],
    ['POST', { origin: 'null' }],
    ['GET', { 'x-http-method-override': 'DELETE', 'sec-fetch-site': 'cross-site' }],
  ])('is from the page of another site: %s with %j', (method, fields) => {
    expect(isOurs(request(method, { ...HOST, ...fields }), trusted)).toBe(false)
  })
})

describe('a request is recognised as made by the page', () => {
  it.each<[Fields, boolean]>([
    [{ 'x-requested-with': 'XMLHttpRequest' }, true],
    [{ 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'no-cors' }, true],
    [{ 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate' }, false],
    [{ 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }, false],
    [{ 'sec-fetch-mode': 'cors' }, false],
    [{}, false],
  ])('with %j: %s', (fields, expected) => {
    expect(isOfPage(request('GET', fields))).toBe(expected)
  })
})
