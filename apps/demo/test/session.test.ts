import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Demo } from './support/demo-process.ts'
import { SIGNED_IN, startDemo } from './support/demo-process.ts'

const JSON_BODY = { 'content-type': 'application/json' }
const PAGE = { 'x-requested-with': 'XMLHttpRequest' }

let demo: Demo
beforeAll(async () => {
  demo = await startDemo()
})
afterAll(() => demo?.dispose())

function signIn(
  credentials: unknown = { name: 'admin', password: 'secret' },
  fields: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(`${demo.url}/session`, {
    method: 'POST',
    headers: { ...JSON_BODY, ...fields },
    body: JSON.stringify(credentials),
  })
}

const cookieOf = (response: Response): string =>
  response.headers.get('set-cookie')?.split(';', 1)[0] ?? ''

const look = (path: string, fields: Readonly<Record<string, string>>): Promise<Response> =>
  fetch(`${demo.url}${path}`, { headers: fields })

describe('signing in', () => {
  it('sets a cookie that scripts and other sites cannot read', async () => {
    const answer = await signIn()
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(await answer.json()).toEqual({
      user: { name: 'admin' },
      rights: ['view', 'add', 'modify', 'manage'],
      expiresAt: expect.stringMatching(/Z$/),
    })
    const attributes = answer.headers.get('set-cookie')?.split('; ').slice(1)
    expect(attributes).toEqual(['Path=/', 'HttpOnly', 'SameSite=Strict'])
  })

  it('returns an error message on failure, and makes no browser ask for a password', async () => {
    for (const name of ['admin', 'nobody', 'ad:min']) {
      const refused = await signIn({ name, password: 'wrong' })
      expect(refused.status).toBe(401)
      expect(refused.headers.get('www-authenticate')).toMatch(/^Session /)
      expect(await refused.json()).toMatchObject({
        error: { message: 'wrong name or password' },
      })
      expect(refused.headers.get('set-cookie')).toBeNull()
    }
    expect((await signIn({ name: 'admin' })).status).toBe(400)
    expect((await signIn('x'.repeat(70_000))).status).toBe(413)
    expect((await signIn({}, { 'content-type': 'text/plain' })).status).toBe(415)
  })

  it('gives access to content, and reports the user and the expiry of the session', async () => {
    const cookie = cookieOf(await signIn())
    const listing = await look('/content', { cookie, accept: 'application/json' })
    expect(await listing.json()).toMatchObject({
      items: [],
      rights: expect.arrayContaining(['add']),
    })
    const who = await look('/session', { cookie })
    expect(await who.json()).toMatchObject({ user: { name: 'admin' } })
    expect((await look('/content', { cookie: cookieOf(who) })).status).toBe(200)
    const demoAccount = { name: 'admin', password: 'secret' }
    expect(await (await look('/session', {})).json()).toEqual({ user: null, demoAccount })
  })

  it('stays valid after a restart, and in other processes with the same data', async () => {
    const cookie = cookieOf(await signIn())
    const other = await startDemo({ DATA_DIR: demo.dataDirectory })
    try {
      expect((await fetch(`${other.url}/content`, { headers: { cookie } })).status).toBe(200)
    } finally {
      await other.dispose()
    }
    await demo.end('SIGTERM')
    await demo.start()
    expect((await look('/content', { cookie })).status).toBe(200)
  })

  it('ends for copies of the cookie as well when the user signs out', async () => {
    const cookie = cookieOf(await signIn())
    const copy = cookieOf(await look('/session', { cookie }))
    expect((await look('/content', { cookie: copy })).status).toBe(200)
    const headers = { cookie }
    expect((await fetch(`${demo.url}/session`, { method: 'DELETE', headers })).status).toBe(204)
    expect((await look('/content', { cookie })).status).toBe(401)
    expect((await look('/content', { cookie: copy })).status).toBe(401)
    expect(await (await look('/session', { cookie: copy })).json()).toMatchObject({ user: null })
    await demo.end('SIGTERM')
    await demo.start()
    expect((await look('/content', { cookie: copy })).status).toBe(401)
  })

  it('can be ended by signing out', async () => {
    const out = await fetch(`${demo.url}/session`, { method: 'DELETE' })
    expect(out.status).toBe(204)
    expect(out.headers.get('set-cookie')).toMatch(/^tusker-\w+=; Max-Age=0; Path=\//)
    expect((await fetch(`${demo.url}/session`, { method: 'PUT' })).status).toBe(405)
  })

  it('sets a secure cookie if the page came over https', async () => {
    const behindProxy = await signIn(undefined, {
      origin: 'https://files.example',
      'sec-fetch-site': 'same-origin',
    })
    expect(behindProxy.headers.get('set-cookie')).toMatch(/; Secure$/)
    const known = await startDemo({ PUBLIC_URL: 'https://files.example/app' })
    try {
      const answer = await fetch(`${known.url}/session`, {
        method: 'POST',
        headers: { ...JSON_BODY, origin: 'https://files.example' },
        body: JSON.stringify({ name: 'admin', password: 'secret' }),
      })
      expect(answer.headers.get('set-cookie')).toMatch(/; Path=\/app; .*; Secure$/)
    } finally {
      await known.dispose()
    }
  })
})

describe('pages of other sites', () => {
  const CROSS = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }

  async function addFolder(fields: Readonly<Record<string, string>>): Promise<number> {
    const response = await fetch(`${demo.url}/content`, {
      method: 'POST',
      headers: { ...JSON_BODY, ...fields },
      body: JSON.stringify({ '@type': 'Folder', title: 'x' }),
    })
    return response.status
  }

  it('cannot change anything with our cookie', async () => {
    const cookie = cookieOf(await signIn())
    expect(await addFolder({ cookie, ...CROSS })).toBe(403)
    expect(await addFolder({ cookie, origin: demo.url })).toBe(201)
    expect(await addFolder({ cookie, ...CROSS, ...SIGNED_IN })).toBe(201)
    const upload = { method: 'POST', headers: { 'tus-resumable': '1.0.0', 'upload-length': '1' } }
    const url = `${demo.url}/content/@tus-upload`
    const begin = (fields: Readonly<Record<string, string>>): Promise<Response> =>
      fetch(url, { ...upload, headers: { ...upload.headers, cookie, ...fields } })
    expect((await begin(CROSS)).status).toBe(403)
    expect((await begin({})).status).toBe(201)
  })

  it('cannot sign a user in or out', async () => {
    expect((await signIn(undefined, CROSS)).status).toBe(403)
    const out = await fetch(`${demo.url}/session`, { method: 'DELETE', headers: CROSS })
    expect([out.status, out.headers.get('set-cookie')]).toEqual([403, null])
  })
})

describe('a response that asks for a password', () => {
  const challenge = async (fields: Readonly<Record<string, string>>): Promise<string | null> => {
    const response = await look('/content/x.png', fields)
    expect(response.status).toBe(401)
    return response.headers.get('www-authenticate')
  }

  it('has a Basic challenge for clients and for addresses that a person opens', async () => {
    expect(await challenge({})).toMatch(/^Basic /)
    expect(await challenge({ 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'none' })).toMatch(
      /^Basic /,
    )
  })

  it('has no Basic challenge for requests of the page', async () => {
    expect(await challenge(PAGE)).toMatch(/^Session /)
    const image = { 'sec-fetch-mode': 'no-cors', 'sec-fetch-site': 'same-origin' }
    expect(await challenge(image)).toMatch(/^Session /)
    // Some bits of the last letter are unused, so change another one.
    const stale = cookieOf(await signIn()).replace(/.(?=.$)/, (letter) =>
      letter === 'A' ? 'B' : 'A',
    )
    expect(await challenge({ cookie: stale })).toMatch(/^Session /)
  })
})
