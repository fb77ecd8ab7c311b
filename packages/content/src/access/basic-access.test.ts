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

function presenting(
  authorization: string | null,
  remoteAddress: string | null = null,
): HttpRequest {
  return {
    method: 'GET',
    path: '/',
    prefix: '',
    context: null,
    remoteAddress,
    headers: { get: (name) => (name === 'authorization' ? authorization : null) },
    body: {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.resolve({ done: true, value: undefined }),
      }),
    },
    signal: new AbortController().signal,
  }
}

function basic(credentials: string, address?: string): HttpRequest {
  return presenting(`Basic ${Buffer.from(credentials).toString('base64')}`, address)
}

function cheapHash(password: string): string {
  const hash = scryptSync(password, 'salt', 32, { N: 1024 })
  return `scrypt:1024:${Buffer.from('salt').toString('base64url')}:${hash.toString('base64url')}`
}

describe('basicAccess', () => {
  it('identifies users by plain and by hashed passwords', async () => {
    const access = accessOf({ users: { ann: 'sécret:1', bob: await hashPassword('hidden') } })
    expect(await access.identify(basic('ann:sécret:1'))).toEqual({ name: 'ann' })
    expect(await access.identify(basic('bob:hidden'))).toEqual({ name: 'bob' })
    expect(await access.identify(basic('bob:hidden'))).toEqual({ name: 'bob' })
    const older = accessOf({ users: { eve: cheapHash('hidden') } })
    expect(await older.identify(basic('eve:hidden'))).toEqual({ name: 'eve' })
  })

  it('identifies no user without credentials, or with those of another scheme', async () => {
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

  it('refuses a wrong password also after it has accepted the right one', async () => {
    const access = accessOf({ users: { bob: await hashPassword('hidden') } })
    await access.identify(basic('bob:hidden'))
    await expect(access.identify(basic('bob:wrong'))).rejects.toMatchObject({
      code: 'unauthenticated',
    })
  })

  it('recognises a hashed password quickly after it has accepted it once', async () => {
    const access = accessOf({ users: { bob: await hashPassword('hidden') } })
    await access.identify(basic('bob:hidden'))
    const begin = process.cpuUsage()
    for (let round = 0; round < 100; round += 1) await access.identify(basic('bob:hidden'))
    const { user, system } = process.cpuUsage(begin)
    // A tenth of the time that hashing as many passwords takes.
    expect((user + system) / 1000).toBeLessThan(500)
  })

  it.each(['nosuchuser', 'bob'])(
    'lets a user sign in while another client guesses passwords of %s',
    async (name) => {
      const access = accessOf({ users: { bob: cheapHash('hidden') } })
      const guesses = Array.from({ length: 80 }, (_, guess) =>
        Promise.resolve(access.identify(basic(`${name}:${guess}`, '192.0.2.1'))),
      )
      const user = access.identify(basic('bob:hidden', '192.0.2.2'))
      const codes = (await Promise.allSettled(guesses)).map((guess) =>
        guess.status === 'rejected' ? String(guess.reason.code) : 'signed in',
      )
      expect(await user).toEqual({ name: 'bob' })
      expect(new Set(codes)).toEqual(new Set(['unauthenticated', 'rate_limited']))
      expect(codes.filter((code) => code === 'unauthenticated').length).toBeLessThan(20)
    },
  )

  it('checks equal passwords of concurrent requests once', async () => {
    const access = accessOf({ users: { bob: cheapHash('hidden') } })
    const requests = Array.from({ length: 80 }, async () => access.identify(basic('bob:hidden')))
    expect(new Set((await Promise.all(requests)).map((user) => user?.name))).toEqual(
      new Set(['bob']),
    )
  })

  it('takes as long for an unknown name as for one of the users', async () => {
    const access = accessOf({ users: { ann: 'plain', bob: await hashPassword('hidden') } })
    const times: number[] = []
    for (let guess = 0; guess < 24; guess += 1) {
      const begin = performance.now()
      await Promise.resolve(access.identify(basic(`unknown${guess}:x`))).catch(() => null)
      times.push(performance.now() - begin)
    }
    const slow = times.filter((time) => time > 15).length
    // With 24 names and an even choice, all alike has a chance of one in eight million.
    expect(slow).toBeGreaterThan(0)
    expect(slow).toBeLessThan(24)
  })

  it.each(['*', 'anonymous', '', 'a:b'])('cannot have a user called "%s"', (name) => {
    expect(() => accessOf({ users: { [name]: 'x' } })).toThrow('cannot be the name of a user')
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
    users: { carl: 'x', ann: 'x', bob: 'x', dora: 'x' },
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
    ['removed', 'add', '/', false],
    ['removed', 'view', '/', true],
  ])('%s may %s at %s: %s', (name, right, path, expected) => {
    expect(may(name === null ? null : { name }, right, path)).toBe(expected)
  })

  it.each(['folder', '', '/a//b', '/../x', '/@x'])(
    'refuses the setting "%s" for a path',
    (path) => {
      expect(() => accessOf({ rights: { [path]: {} } })).toThrow('not a path of content')
    },
  )

  it('name the paths below a path that have rules of their own', () => {
    const { pathsWithRules } = accessOf({
      rights: { '/': {}, '/team': {}, '/team/private': {}, '/teams': {} },
    })
    expect([...(pathsWithRules?.('/team') ?? [])]).toEqual(['/team/private'])
    expect([...(pathsWithRules?.('/') ?? [])]).toEqual(['/team', '/team/private', '/teams'])
  })

  it('cannot contain an unknown right', () => {
    // As a settings file may have it, which no type checks.
    const rights = JSON.parse('{"/":{"ann":["write"]}}') as BasicAccessOptions['rights']
    expect(() => accessOf({ rights })).toThrow('"write"')
  })
})
