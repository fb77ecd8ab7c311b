import { scryptSync } from 'node:crypto'
import type { HttpRequest } from '@tusker/core'
import { describe, expect, it } from 'vitest'
import type { Right } from './access.ts'
import type { BasicAccessOptions } from './basic-access.ts'
import { basicAccess } from './basic-access.ts'
import { hashPassword } from './passwords.ts'

function accessOf(options: Partial<BasicAccessOptions>): ReturnType<typeof basicAccess> {
  return basicAccess({ users: {}, rights: {}, ...options })
}

function presenting(authorization: string | null): HttpRequest {
  return {
    method: 'GET',
    path: '/',
    prefix: '',
    context: null,
    remoteAddress: null,
    headers: { get: (name) => (name === 'authorization' ? authorization : null) },
    body: {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.resolve({ done: true, value: undefined }),
      }),
    },
    signal: new AbortController().signal,
  }
}

function basic(credentials: string): HttpRequest {
  return presenting(`Basic ${Buffer.from(credentials).toString('base64')}`)
}

function cheapHash(password: string): string {
  const hash = scryptSync(password, 'salt', 32, { N: 1024 })
  return `scrypt:1024:${Buffer.from('salt').toString('base64url')}:${hash.toString('base64url')}`
}

describe('signing in', () => {
  it('knows users by their passwords, plain and hashed', async () => {
    const access = accessOf({ users: { ann: 'sécret:1', bob: await hashPassword('hidden') } })
    expect(await access.identify(basic('ann:sécret:1'))).toEqual({ name: 'ann' })
    expect(await access.identify(basic('bob:hidden'))).toEqual({ name: 'bob' })
    expect(await access.identify(basic('bob:hidden'))).toEqual({ name: 'bob' })
    const older = accessOf({ users: { eve: cheapHash('hidden') } })
    expect(await older.identify(basic('eve:hidden'))).toEqual({ name: 'eve' })
  })

  it('knows nobody without credentials, or with those of another scheme', async () => {
    const access = accessOf({ users: { ann: 'secret' } })
    for (const field of [null, '', 'Bearer abc', 'Basic', 'Basic %%%', 'Basic YW5u']) {
      expect(await access.identify(presenting(field))).toBeNull()
    }
  })

  it.each([
    'ann:wrong',
    'ann:',
    'nobody:secret',
    ':secret',
    'bob:wrong',
    '__proto__:x',
    'constructor:x',
  ])('refuses %s and says how to sign in', async (credentials) => {
    const access = accessOf({
      users: { ann: 'secret', bob: await hashPassword('hidden') },
      realm: 'my "files"',
    })
    await expect(access.identify(basic(credentials))).rejects.toMatchObject({
      code: 'unauthenticated',
      headers: { 'www-authenticate': 'Basic realm="my files", charset="UTF-8"' },
    })
  })

  it('refuses a wrong password also after the right one was seen', async () => {
    const access = accessOf({ users: { bob: await hashPassword('hidden') } })
    await access.identify(basic('bob:hidden'))
    await expect(access.identify(basic('bob:wrong'))).rejects.toMatchObject({
      code: 'unauthenticated',
    })
  })

  it('costs little once a hashed password was found right', async () => {
    const access = accessOf({ users: { bob: await hashPassword('hidden') } })
    await access.identify(basic('bob:hidden'))
    const begin = process.cpuUsage()
    for (let round = 0; round < 100; round += 1) await access.identify(basic('bob:hidden'))
    const { user, system } = process.cpuUsage(begin)
    // A tenth of what it takes to hash as many.
    expect((user + system) / 1000).toBeLessThan(500)
  })

  it('turns guesses away before they keep everybody else waiting', async () => {
    const access = accessOf({ users: { bob: cheapHash('hidden') } })
    const guesses = Array.from({ length: 70 }, (_, guess) =>
      Promise.resolve(access.identify(basic(`bob:${guess}`))),
    )
    const codes = (await Promise.allSettled(guesses)).map((guess) =>
      guess.status === 'rejected' ? String(guess.reason.code) : 'signed in',
    )
    expect(new Set(codes)).toEqual(new Set(['unauthenticated', 'unavailable']))
    expect(codes.filter((code) => code === 'unavailable')).toHaveLength(6)
  })

  it.each(['*', 'anonymous', '', 'a:b'])('cannot have a user called "%s"', (name) => {
    expect(() => accessOf({ users: { [name]: 'x' } })).toThrow('no user')
  })

  it.each([
    'scrypt:',
    'scrypt:1000:c2FsdA:aGFzaA',
    'scrypt:16384:c2FsdA',
    'scrypt:16384:c2FsdA:aGFzaA',
  ])('refuses the setting "%s" for a password', (setting) => {
    expect(() => accessOf({ users: { bob: setting } })).toThrow('scrypt:N:salt:hash')
  })
})

describe('rights', () => {
  const { may } = accessOf({
    rights: {
      '/': { anonymous: ['view'], '*': ['view', 'add'], ann: ['view', 'add', 'modify'] },
      '/private': { anonymous: [], '*': [], bob: ['view'] },
      '/private/box/': { '*': ['add'] },
      '/__proto__': { carl: ['modify'] },
    },
  })

  it.each<[string | null, Right, string, boolean]>([
    [null, 'view', '/', true],
    [null, 'view', '/folder/file', true],
    [null, 'add', '/', false],
    ['carl', 'add', '/folder', true],
    ['carl', 'modify', '/folder', false],
    ['ann', 'modify', '/folder/file', true],
    [null, 'view', '/private', false],
    [null, 'view', '/private/file', false],
    ['carl', 'view', '/private', false],
    ['bob', 'view', '/private/deep/er', true],
    ['bob', 'add', '/private', false],
    ['ann', 'modify', '/private', true],
    ['carl', 'add', '/private/box', true],
    ['carl', 'view', '/private/box', false],
    [null, 'view', '/privately', true],
    ['carl', 'modify', '/__proto__/x', true],
    ['__proto__', 'modify', '/', false],
    ['anonymous', 'modify', '/', false],
  ])('%s may %s at %s: %s', (name, right, path, expected) => {
    expect(may(name === null ? null : { name }, right, path)).toBe(expected)
  })

  it.each(['folder', '', '/a//b', '/../x', '/@x'])(
    'refuses the setting "%s" for a path',
    (path) => {
      expect(() => accessOf({ rights: { [path]: {} } })).toThrow('no path of content')
    },
  )

  it('refuses a right that is none', () => {
    // As a settings file may have it, which no type checks.
    const rights = JSON.parse('{"/":{"ann":["write"]}}') as BasicAccessOptions['rights']
    expect(() => accessOf({ rights })).toThrow('"write"')
  })
})
