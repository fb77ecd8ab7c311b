import { describe, expect, it } from 'vitest'
import type { CorsPolicy } from './cors.ts'
import { withCors } from './cors.ts'
import type { HttpRequest, HttpResponse, RequestHandler } from '../model/http.ts'

const PAGE = 'https://app.example'

function answering(response: HttpResponse): RequestHandler {
  return { matches: (path) => path === '/files', handle: () => Promise.resolve(response) }
}

const created = answering({ status: 201, headers: { location: '/files/1' } })

const described = answering({
  status: 204,
  headers: { 'tus-version': '1.0.0', 'tus-extension': 'creation', 'cache-control': 'no-store' },
})

const refusing = answering({
  status: 401,
  headers: { 'www-authenticate': 'Basic', 'content-type': 'text/plain', vary: 'Accept' },
  body: 'who are you?',
})

function asked(method: string, headers: Readonly<Record<string, string>> = {}): HttpRequest {
  return {
    method,
    path: '/files',
    prefix: '',
    headers: { get: (name) => headers[name] ?? null },
    body: (async function* () {})(),
    signal: new AbortController().signal,
    context: null,
    remoteAddress: null,
  }
}

const preflight = (origin: string): HttpRequest =>
  asked('OPTIONS', { origin, 'access-control-request-method': 'PATCH' })

async function corsFields(
  policy: CorsPolicy,
  request: HttpRequest,
  handler: RequestHandler = created,
): Promise<Record<string, string>> {
  const { headers } = await withCors(policy, handler).handle(request)
  const names = Object.keys(headers).filter(
    (name) => name.startsWith('access-control-') || name === 'vary',
  )
  return Object.fromEntries(names.map((name) => [name, headers[name] ?? '']))
}

const listOf = (field: string | undefined): string[] => (field ?? '').toLowerCase().split(', ')

it('withCors matches the same paths as its handler', () => {
  const handler = withCors({ origins: '*' }, created)
  expect(handler.matches('/files')).toBe(true)
  expect(handler.matches('/other')).toBe(false)
})

describe('an origin in withCors', () => {
  const byFunction: CorsPolicy = { origins: (origin) => origin.endsWith('.example') }

  it.each<[string, CorsPolicy, string, string]>([
    ['every origin', { origins: '*' }, PAGE, '*'],
    ['every origin', { origins: '*' }, 'null', '*'],
    ['every origin by name', { origins: '*', credentials: true }, PAGE, PAGE],
    ['every origin by name', { origins: '*', credentials: true }, 'null', 'null'],
    ['a listed origin', { origins: ['https://x.example', PAGE] }, PAGE, PAGE],
    ['a listed origin', { origins: ['null'] }, 'null', 'null'],
    [
      'a listed origin',
      { origins: ['capacitor://localhost'] },
      'capacitor://localhost',
      'capacitor://localhost',
    ],
    [
      'a listed origin',
      { origins: ['http://[::1]:3000'] },
      'http://[::1]:3000',
      'http://[::1]:3000',
    ],
    ['an origin that the function allows', byFunction, PAGE, PAGE],
    [
      'an origin that the function allows',
      { origins: (origin) => origin === 'null' },
      'null',
      'null',
    ],
  ])('withCors allows %s: %j', async (_, policy, origin, allowed) => {
    for (const request of [
      asked('GET', { origin }),
      asked('POST', { origin }),
      preflight(origin),
    ]) {
      expect(await corsFields(policy, request)).toHaveProperty(
        'access-control-allow-origin',
        allowed,
      )
    }
  })

  it.each<[CorsPolicy, string]>([
    [{ origins: [] }, PAGE],
    [{ origins: ['https://x.example', 'https://y.example'] }, PAGE],
    [{ origins: [PAGE] }, 'http://app.example'],
    [{ origins: [PAGE] }, 'https://app.example:8443'],
    [{ origins: [PAGE] }, 'https://app.example.evil'],
    [{ origins: [PAGE] }, 'https://evil.app.example'],
    [{ origins: [PAGE] }, 'null'],
    [{ origins: [PAGE] }, ''],
    [{ origins: [PAGE] }, `${PAGE}, https://evil.example`],
    [byFunction, 'https://evil.test'],
    [{ origins: () => true }, `${PAGE}\r\nset-cookie: a=b`],
    [{ origins: () => true }, `${PAGE}/path`],
    [{ origins: '*', credentials: true }, 'https://é.example'],
  ])('withCors with %j serves the origin "%s" without CORS fields', async (policy, origin) => {
    expect(await corsFields(policy, asked('POST', { origin }))).toEqual({ vary: 'Origin' })
    expect(await corsFields(policy, preflight(origin))).toEqual({
      vary: 'Origin, Access-Control-Request-Method',
    })
    const { status, headers } = await withCors(policy, created).handle(asked('POST', { origin }))
    expect({ status, location: headers['location'] }).toEqual({ status: 201, location: '/files/1' })
  })

  it('withCors does not allow an origin when its function returns a promise', async () => {
    // JavaScript users have no types.
    const origins = (() => Promise.resolve(false)) as unknown as () => boolean
    expect(await corsFields({ origins }, asked('GET', { origin: PAGE }))).toEqual({
      vary: 'Origin',
    })
  })

  it('the function of withCors that decides about origins gets the request', async () => {
    const policy: CorsPolicy = { origins: (_, request) => request.method === 'GET' }
    expect(await corsFields(policy, asked('GET', { origin: PAGE }))).toHaveProperty(
      'access-control-allow-origin',
    )
    expect(await corsFields(policy, asked('POST', { origin: PAGE }))).toEqual({ vary: 'Origin' })
  })

  it('withCors does not call its handler when the function about origins throws', async () => {
    const cause = new Error('the database of tenants is down')
    let asks = 0
    const counting: RequestHandler = {
      matches: () => true,
      handle: () => Promise.resolve({ status: 200, headers: { asks: String((asks += 1)) } }),
    }
    const origins = (): boolean => {
      throw cause
    }
    const response = await withCors({ origins }, counting).handle(asked('POST', { origin: PAGE }))
    expect(response).toMatchObject({ status: 500, headers: { vary: 'Origin' }, cause })
    expect(response.body).not.toContain('tenants')
    expect(asks).toBe(0)
  })
})

describe('a response of withCors', () => {
  it('a response of withCors exposes all fields of the protocols and those of the policy', async () => {
    const policy: CorsPolicy = {
      origins: [PAGE],
      credentials: true,
      exposeHeaders: ['X-Tenant', 'etag'],
    }
    const headers = await corsFields(policy, asked('HEAD', { origin: PAGE }))
    const exposed = listOf(headers['access-control-expose-headers'])
    expect(exposed).toEqual(
      expect.arrayContaining([
        'location',
        'content-location',
        'content-disposition',
        'content-range',
        'repr-digest',
        'retry-after',
        'upload-offset',
        'upload-length',
        'upload-defer-length',
        'upload-expires',
        'upload-metadata',
        'upload-concat',
        'upload-complete',
        'upload-limit',
        'tus-version',
        'tus-resumable',
        'tus-max-size',
        'tus-extension',
        'tus-checksum-algorithm',
        'x-tenant',
      ]),
    )
    expect(new Set(exposed).size).toBe(exposed.length)
    expect(Object.keys(headers).sort()).toEqual([
      'access-control-allow-credentials',
      'access-control-allow-origin',
      'access-control-expose-headers',
      'vary',
    ])
  })

  it('an error response of withCors has the CORS fields', async () => {
    const response = await withCors({ origins: [PAGE] }, refusing).handle(
      asked('GET', { origin: PAGE }),
    )
    expect(response).toMatchObject({
      status: 401,
      headers: {
        'access-control-allow-origin': PAGE,
        'www-authenticate': 'Basic',
        vary: 'Accept, Origin',
      },
      body: 'who are you?',
    })
  })

  it('withCors lets pages of other origins embed a download', async () => {
    const headers = { 'cross-origin-resource-policy': 'same-site' }
    const serving = answering({ status: 200, headers, body: 'x' })
    // The request of a picture has no origin.
    const { headers: sent } = await withCors({ origins: [PAGE] }, serving).handle(asked('GET'))
    expect(sent['cross-origin-resource-policy']).toBe('cross-origin')
    const other = await withCors({ origins: [PAGE] }, created).handle(asked('GET'))
    expect(other.headers).not.toHaveProperty('cross-origin-resource-policy')
  })

  it('withCors replaces the CORS fields of its handler', async () => {
    const own = answering({
      status: 200,
      headers: { 'Access-Control-Allow-Origin': '*', 'access-control-max-age': '5', ETag: '"1"' },
    })
    const headers = await corsFields({ origins: [PAGE] }, asked('GET', { origin: PAGE }), own)
    expect(headers).toMatchObject({ 'access-control-allow-origin': PAGE })
    expect(headers).not.toHaveProperty('access-control-max-age')
    expect(await corsFields({ origins: [] }, asked('GET', { origin: PAGE }), own)).toEqual({
      vary: 'Origin',
    })
    const { headers: all } = await withCors({ origins: '*' }, own).handle(asked('GET'))
    expect(Object.keys(all).filter((name) => /allow-origin/i.test(name))).toHaveLength(1)
    expect(all).toMatchObject({ etag: '"1"' })
  })

  it('withCors keeps the body and the cause of a response', async () => {
    const cause = new Error('disk')
    const body = (async function* () {})()
    const failing = answering({ status: 500, headers: {}, body, cause })
    const response = await withCors({ origins: '*' }, failing).handle(
      asked('GET', { origin: PAGE }),
    )
    expect(response.body).toBe(body)
    expect(response.cause).toBe(cause)
  })
})

describe('a preflight', () => {
  it('a preflight response has the fields of the handler and all allowed methods and fields', async () => {
    const policy: CorsPolicy = { origins: [PAGE], allowHeaders: ['X-Tenant', 'authorization'] }
    const response = await withCors(policy, described).handle(preflight(PAGE))
    expect(response).toMatchObject({
      status: 204,
      headers: {
        'tus-version': '1.0.0',
        'tus-extension': 'creation',
        'access-control-allow-origin': PAGE,
        'access-control-allow-methods': 'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT',
        'access-control-max-age': '7200',
        vary: 'Origin, Access-Control-Request-Method',
      },
    })
    const allowed = listOf(response.headers['access-control-allow-headers'])
    expect(allowed).toEqual(
      expect.arrayContaining([
        'accept',
        'authorization',
        'content-type',
        'origin',
        'range',
        'repr-digest',
        'tus-resumable',
        'upload-checksum',
        'upload-concat',
        'upload-defer-length',
        'upload-length',
        'upload-metadata',
        'upload-offset',
        'upload-complete',
        'upload-draft-interop-version',
        'x-http-method-override',
        'x-request-id',
        'x-requested-with',
        'x-tenant',
      ]),
    )
    expect(new Set(allowed).size).toBe(allowed.length)
    expect(response).not.toHaveProperty('body')
  })

  it('a preflight succeeds when the handler requires credentials', async () => {
    const response = await withCors({ origins: [PAGE] }, refusing).handle(preflight(PAGE))
    expect(response).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': PAGE,
        vary: 'Accept, Origin, Access-Control-Request-Method',
      },
    })
    expect(response.headers).not.toHaveProperty('www-authenticate')
    expect(response.headers).not.toHaveProperty('content-type')
    expect(response).not.toHaveProperty('body')
  })

  it('a preflight response has no fields that describe a body', async () => {
    const greeting = answering({
      status: 200,
      headers: { 'content-type': 'text/plain', 'content-length': '2', 'tus-version': '1.0.0' },
      body: 'hi',
    })
    const { status, headers } = await withCors({ origins: '*' }, greeting).handle(preflight(PAGE))
    expect(status).toBe(204)
    expect(headers).toHaveProperty('tus-version')
    expect(Object.keys(headers).filter((name) => name.startsWith('content-'))).toEqual([])
  })

  it('a preflight response allows credentials if the policy does', async () => {
    const policy: CorsPolicy = { origins: '*', credentials: true, maxAge: 1_999 }
    expect(await corsFields(policy, preflight(PAGE))).toMatchObject({
      'access-control-allow-origin': PAGE,
      'access-control-allow-credentials': 'true',
      'access-control-max-age': '1',
    })
  })

  it('OPTIONS without an origin or a requested method is not a preflight', async () => {
    const { handle } = withCors({ origins: [PAGE] }, described)
    const plain = await handle(asked('OPTIONS', { origin: PAGE }))
    expect(plain.headers).toHaveProperty('access-control-expose-headers')
    expect(plain.headers).not.toHaveProperty('access-control-allow-methods')
    const anonymous = await handle(asked('OPTIONS', { 'access-control-request-method': 'PATCH' }))
    expect(anonymous.headers).toHaveProperty('tus-version')
    expect(anonymous.headers).not.toHaveProperty('access-control-allow-origin')
    const toAll = await withCors({ origins: '*' }, described).handle(
      asked('OPTIONS', { 'access-control-request-method': 'PATCH' }),
    )
    expect(toAll.headers).not.toHaveProperty('access-control-allow-methods')
  })
})

describe('Vary in withCors', () => {
  it.each<[CorsPolicy, Record<string, string>, string | undefined]>([
    [{ origins: '*' }, { origin: PAGE }, undefined],
    [{ origins: '*' }, {}, undefined],
    [{ origins: '*', credentials: true }, { origin: PAGE }, 'Origin'],
    [{ origins: '*', credentials: true }, {}, 'Origin'],
    [{ origins: [PAGE] }, { origin: PAGE }, 'Origin'],
    [{ origins: [PAGE] }, { origin: 'https://x.example' }, 'Origin'],
    [{ origins: [PAGE] }, {}, 'Origin'],
    [{ origins: () => true }, {}, 'Origin'],
  ])('withCors with %j answers %j with Vary %s', async (policy, headers, vary) => {
    expect((await corsFields(policy, asked('GET', headers)))['vary']).toBe(vary)
  })

  it.each([
    ['Accept', 'Accept, Origin'],
    ['accept, origin', 'accept, origin'],
    ['*', '*'],
    ['', 'Origin'],
    ['Accept-Encoding,,Accept', 'Accept-Encoding, Accept, Origin'],
  ])('withCors extends the Vary of the handler "%s" to "%s"', async (vary, whole) => {
    const own = answering({ status: 200, headers: { Vary: vary } })
    expect((await corsFields({ origins: [PAGE] }, asked('GET'), own))['vary']).toBe(whole)
  })

  it('Vary of OPTIONS has all fields that make a preflight', async () => {
    const vary = 'Origin, Access-Control-Request-Method'
    expect((await corsFields({ origins: '*' }, asked('OPTIONS')))['vary']).toBe(vary)
    expect((await corsFields({ origins: '*' }, preflight(PAGE)))['vary']).toBe(vary)
  })

  it('withCors sends no Vary when every origin gets the same response', async () => {
    const anonymous = await corsFields({ origins: '*' }, asked('GET'))
    expect(anonymous).toEqual(await corsFields({ origins: '*' }, asked('GET', { origin: PAGE })))
    expect(anonymous['access-control-allow-origin']).toBe('*')
  })
})

describe('withCors refuses a policy that is not valid', () => {
  it.each([
    ['https://app.example/', 'write https://app.example'],
    ['https://App.example', 'write https://app.example'],
    ['https://app.example:443', 'write https://app.example'],
    ['https://app.example/path', 'write https://app.example'],
    ['app.example', 'write scheme://host'],
    ['https://', 'write scheme://host'],
    ['', 'write scheme://host'],
    ['*', "write origins: '*' without a list"],
  ])('withCors refuses the origin "%s": %s', (origin, hint) => {
    expect(() => withCors({ origins: [origin] }, created)).toThrow(hint)
  })

  it.each([
    { allowHeaders: ['X Tenant'] },
    { exposeHeaders: ['x\r\ny'] },
    { maxAge: -1 },
    { maxAge: Number.NaN },
    { maxAge: Number.POSITIVE_INFINITY },
  ])('withCors refuses %j', (more) => {
    expect(() => withCors({ origins: '*', ...more }, created)).toThrow(/^cors: /)
  })
})
