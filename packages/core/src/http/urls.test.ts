import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HttpRequest } from '../model/http.ts'
import { urlPolicy } from './urls.ts'

const PROXY = '10.0.0.1'
const trustProxy = (address: string): boolean => address === PROXY

interface Asked {
  readonly path?: string
  readonly prefix?: string
  readonly from?: string | null
  readonly headers?: Readonly<Record<string, string>>
}

function asked({
  path = '/files',
  prefix = '',
  from = PROXY,
  headers = {},
}: Asked = {}): HttpRequest {
  return {
    method: 'POST',
    path,
    prefix,
    headers: { get: (name) => headers[name] ?? null },
    body: (async function* () {})(),
    signal: new AbortController().signal,
    context: null,
    remoteAddress: from,
  }
}

const EVIL = {
  host: 'evil.example',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'https',
  'x-forwarded-prefix': '/evil',
  forwarded: 'host=evil.example;proto=https',
}

describe('urlPolicy by default', () => {
  const urls = urlPolicy({})

  it.each([
    ['', '/files/1', '/files/1'],
    ['/api', '/files/1', '/api/files/1'],
    ['/++api++/site', '/files/1', '/++api++/site/files/1'],
    ['/api', 'doc/1', '/api/doc/1'],
    ['/api', '', '/api/'],
    ['', '', '/'],
    ['/api', '/a%20b?c=d#e', '/api/a%20b?c=d#e'],
  ])('urlPolicy with the prefix "%s" locates "%s" at "%s"', (prefix, location, url) => {
    expect(urls.locate(asked({ prefix }), location)).toBe(url)
  })

  it('urlPolicy without options ignores the fields of proxies', () => {
    expect(urls.locate(asked({ headers: EVIL }), '/files/1')).toBe('/files/1')
  })

  it('urlPolicy keeps absolute URLs', () => {
    const url = 'https://cdn.example:8443/a?b=c#d'
    expect(urls.locate(asked({ prefix: '/api' }), url)).toBe(url)
  })

  it.each([
    ['/a\r\nset-cookie: b=c', '/a%0D%0Aset-cookie:%20b=c'],
    ['/世界', '/%E4%B8%96%E7%95%8C'],
    ['/\ud800', '/%EF%BF%BD'],
    ['/a"<b>\\c', '/a%22%3Cb%3E%5Cc'],
    ['https://cdn.example/\r\n世', 'https://cdn.example/%0D%0A%E4%B8%96'],
  ])('urlPolicy encodes %j', (location, url) => {
    expect(urls.locate(asked(), location)).toBe(url)
  })

  it.each(['//evil.example/files/1', '/\\evil.example/files/1', '///evil.example/files/1'])(
    'urlPolicy never makes a host of the path "%s"',
    (location) => {
      const url = urls.locate(asked(), location)
      expect(new URL(url, 'https://host').host).toBe('host')
      expect(new URL(url, 'https://host').pathname).toBe(location.replaceAll('\\', '%5C'))
    },
  )
})

describe('urlPolicy with a public URL', () => {
  it.each([
    ['https://example.com', '/files/1', 'https://example.com/files/1'],
    ['https://example.com/', '/files/1', 'https://example.com/files/1'],
    ['https://Example.com:443/up/', '/files/1', 'https://example.com/up/files/1'],
    ['http://localhost:3000/a/b', 'doc', 'http://localhost:3000/a/b/doc'],
    ['http://[::1]:8080', '/files/1', 'http://[::1]:8080/files/1'],
    ['https://bücher.example', '/files/1', 'https://xn--bcher-kva.example/files/1'],
    ['https://example.com', '//evil.example', 'https://example.com//evil.example'],
  ])('urlPolicy with publicUrl %s locates "%s" at %s', (publicUrl, location, url) => {
    expect(urlPolicy({ publicUrl }).locate(asked(), location)).toBe(url)
  })

  it('urlPolicy with a public URL does not add the prefix of the request', () => {
    const urls = urlPolicy({ publicUrl: 'https://example.com/api' })
    expect(urls.locate(asked({ prefix: '/internal' }), '/files/1')).toBe(
      'https://example.com/api/files/1',
    )
  })

  it('urlPolicy with a public URL ignores the fields of proxies', () => {
    const urls = urlPolicy({ publicUrl: 'https://example.com', trustProxy })
    expect(urls.locate(asked({ headers: EVIL }), '/files/1')).toBe('https://example.com/files/1')
  })

  it.each([
    '',
    'example.com',
    '/api',
    'ftp://example.com',
    'https:example.com',
    'https://',
    'https:///api',
    'https://user@example.com',
    'https://example.com?',
    'https://example.com/?a=b',
    'https://example.com/#a',
    'https://example.com/a b',
    'https://example.com\\a',
    'https://example.com\n',
    'https://example.com//a',
    'https://example.com/a%2fb',
    'https://example.com:99999',
  ])('urlPolicy refuses the public URL "%s"', (publicUrl) => {
    expect(() => urlPolicy({ publicUrl })).toThrow('publicUrl must be like https://example.com/api')
  })
})

describe('urlPolicy behind a trusted proxy', () => {
  const urls = urlPolicy({ trustProxy })

  it.each<[Readonly<Record<string, string>>, string]>([
    [{}, '/api/files/1'],
    [
      { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'a.example' },
      'https://a.example/api/files/1',
    ],
    [
      { 'x-forwarded-proto': 'https, http', 'x-forwarded-host': 'a.example:8443, b' },
      'https://a.example:8443/api/files/1',
    ],
    [
      {
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'up.example',
        'x-forwarded-port': '8443',
      },
      'https://up.example:8443/api/files/1',
    ],
    [
      {
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'up.example:9443',
        'x-forwarded-port': '8443',
      },
      'https://up.example:9443/api/files/1',
    ],
    [{ 'x-forwarded-proto': 'http', 'x-forwarded-host': '[::1]:80' }, 'http://[::1]/api/files/1'],
    [{ 'x-forwarded-prefix': '/app/' }, '/app/api/files/1'],
    [
      {
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'a.example',
        'x-forwarded-prefix': '/app, /x',
      },
      'https://a.example/app/api/files/1',
    ],
    [
      { forwarded: 'for=1.2.3.4;host="a.example:8443";proto=https, host=b' },
      'https://a.example:8443/api/files/1',
    ],
    [
      { forwarded: 'proto=https;host=a.example', 'x-forwarded-prefix': '/app' },
      'https://a.example/app/api/files/1',
    ],
    [
      {
        forwarded: 'proto=https;host=a.example',
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'A.example:443',
      },
      'https://a.example/api/files/1',
    ],
  ])('urlPolicy makes the URL of %j: %s', (headers, url) => {
    expect(urls.locate(asked({ prefix: '/api', headers }), '/files/1')).toBe(url)
  })

  it.each<Readonly<Record<string, string>>>([
    // Only scheme or host: the other one would have to come from the client.
    { 'x-forwarded-proto': 'https', host: 'a.example' },
    { 'x-forwarded-host': 'a.example' },
    { forwarded: 'host=a.example' },
    { forwarded: 'proto=https', host: 'a.example' },
    // Malformed.
    { 'x-forwarded-proto': 'gopher', 'x-forwarded-host': 'a.example' },
    { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example/x?' },
    { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'user@evil.example' },
    { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'a\r\nb' },
    {
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'a.example',
      'x-forwarded-prefix': '//evil.example',
    },
    { 'x-forwarded-prefix': '/../x' },
    { 'x-forwarded-prefix': 'https://evil.example' },
    { forwarded: 'host=a.example:80;proto=https' },
    { forwarded: 'host="evil.example/x";proto=https' },
    { forwarded: 'host=a;host=b;proto=https' },
    // The client sent one of the two.
    { ...EVIL, 'x-forwarded-host': 'a.example' },
    { 'x-forwarded-proto': 'https', forwarded: 'host=evil.example;proto=https' },
    { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'a.example', forwarded: 'garbage' },
    { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'a.example', forwarded: 'for=1.2.3.4' },
  ])('urlPolicy returns an absolute path for %j', (headers) => {
    expect(urls.locate(asked({ prefix: '/api', headers }), '/files/1')).toBe('/api/files/1')
  })

  it.each(['10.0.0.2', null])(
    'urlPolicy ignores the fields of the untrusted address %s',
    (from) => {
      expect(urls.locate(asked({ from, headers: EVIL }), '/files/1')).toBe('/files/1')
    },
  )

  it('urlPolicy does not call trustProxy without an address', () => {
    const trusting = urlPolicy({ trustProxy: () => true })
    expect(trusting.locate(asked({ from: null, headers: EVIL }), '/files/1')).toBe('/files/1')
  })

  it('urlPolicy always returns a URL, and with the host that the proxy sent', () => {
    const text = fc.string({ unit: 'binary' })
    const pieces = fc.constantFrom('/', '\\', '.', 'a', '\r\n', '%2e', 'é', '?', '@', ':')
    const path = fc.oneof(
      text,
      fc.array(pieces).map((parts) => `/${parts.join('')}`),
    )
    const sent = fc.record({
      'x-forwarded-host': fc.oneof(path, fc.constant('a.example')),
      'x-forwarded-proto': fc.constantFrom('https', 'http', 'x'),
      'x-forwarded-prefix': path,
      host: fc.constant('evil.example'),
    })
    fc.assert(
      fc.property(sent, path, path, (headers, prefix, location) => {
        fc.pre(!/^[a-z][a-z0-9+.-]*:\/\//i.test(location))
        const url = urls.locate(asked({ prefix, headers }), location)
        expect(url).toMatch(/^(?:https?:\/\/[a-z0-9.:_[\]-]+)?\/[\x21-\x7e]*$/)
        const { host } = new URL(url, 'https://host')
        if (url.startsWith('/')) expect(host).toBe('host')
        else expect(host).not.toBe('evil.example')
      }),
      { numRuns: 500 },
    )
  })
})

describe('localPath of urlPolicy', () => {
  const urls = urlPolicy({})

  it.each([
    ['/files/a', '/files/a'],
    ['https://any.example/files/a', '/files/a'],
    ['http://any.example:8080/files/a', '/files/a'],
    ['//any.example/files/a', '/files/a'],
    ['files/a', '/files/a'],
    ['./files/a', '/files/a'],
    ['/files/a?token=1#x', '/files/a'],
    ['/x/../files/a', '/files/a'],
    ['/files/a%20b', '/files/a%20b'],
  ])('the local path of %s is %s', (url, path) => {
    expect(urls.localPath(asked(), url)).toBe(path)
  })

  it.each([
    '',
    ' ',
    '/files/a b',
    '/files/a\r\n',
    'ftp://a/files/a',
    'javascript:alert(1)',
    'http://',
    '/fi\\les',
    'http://[/files/a',
    '/filés/a',
  ])('there is no local path of %j', (url) => {
    expect(urls.localPath(asked(), url)).toBeNull()
  })

  it('a local path has no prefix of the request', () => {
    const request = asked({ prefix: '/api', path: '/files' })
    expect(urls.localPath(request, '/api/files/a')).toBe('/files/a')
    expect(urls.localPath(request, 'files/a')).toBe('/files/a')
    expect(urls.localPath(request, 'https://any.example/api/files/a')).toBe('/files/a')
    expect(urls.localPath(request, '/apifiles/a')).toBeNull()
    expect(urls.localPath(request, '/files/a')).toBeNull()
    expect(urls.localPath(request, '/api')).toBeNull()
  })

  it('a local path has no path of the public URL and no prefix', () => {
    const behind = urlPolicy({ publicUrl: 'https://example.com/up' })
    const request = asked({ prefix: '/api' })
    expect(behind.localPath(request, 'https://example.com/up/files/a')).toBe('/files/a')
    expect(behind.localPath(request, 'files/a')).toBe('/files/a')
    expect(behind.localPath(request, '/api/files/a')).toBe('/files/a')
    expect(behind.localPath(request, '/files/a')).toBeNull()
  })

  it('a local path has no prefix that the proxy removed', () => {
    const behind = urlPolicy({ trustProxy })
    const headers = { 'x-forwarded-prefix': '/app' }
    expect(behind.localPath(asked({ headers, prefix: '/api' }), '/app/api/files/a')).toBe(
      '/files/a',
    )
    expect(behind.localPath(asked({ headers, from: null }), '/app/files/a')).toBe('/app/files/a')
  })

  it('localPath returns the path of every URL that locate returned', () => {
    const segment = fc
      .stringMatching(/^[A-Za-z0-9._~+@-]+$/)
      .filter((text) => !/^\.{1,2}$/.test(text))
    const path = fc
      .array(segment, { minLength: 1, maxLength: 3 })
      .map((parts) => `/${parts.join('/')}`)
    const root = fc.oneof(fc.constant(''), path)
    const options = fc.constantFrom({}, { publicUrl: 'https://example.com/up' }, { trustProxy })
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'a.example' }
    fc.assert(
      fc.property(options, root, root, path, (given, prefix, forwarded, location) => {
        const policy = urlPolicy(given)
        const request = asked({ prefix, headers: { ...headers, 'x-forwarded-prefix': forwarded } })
        expect(policy.localPath(request, policy.locate(request, location))).toBe(location)
      }),
    )
  })

  it('localPath keeps a double slash of a URL that locate returned', () => {
    const path = '//evil.example/@tus-upload/1'
    expect(urls.localPath(asked(), urls.locate(asked(), path))).toBe(path)
  })
})
