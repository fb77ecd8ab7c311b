import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseForwarded, parseOrigin, parsePathPrefix } from './forwarded.ts'

describe('parseForwarded', () => {
  it.each([
    ['proto=https;host=example.com', 'https', 'example.com'],
    ['for=192.0.2.60;proto=http;by=203.0.113.43', 'http', null],
    ['For="[2001:db8:cafe::17]:4711"', null, null],
    ['HOST=a;Proto=B', 'B', 'a'],
    ['host="example.com:8080" ; proto="https"', 'https', 'example.com:8080'],
    ['host="a,b;c\\"d";proto=x', 'x', 'a,b;c"d'],
    ['host=first, host=second', null, 'first'],
    ['host=first;, proto=https', null, 'first'],
    [',, host=first', null, 'first'],
    [' proto=https ', 'https', null],
    ['', null, null],
    ['host=""', null, ''],
    // The elements after the first one are not used.
    ['host=first, "', null, 'first'],
  ])('parseForwarded reads %s', (field, proto, host) => {
    expect(parseForwarded(field)).toEqual({ proto, host })
  })

  it.each([
    'host',
    'host=',
    '=a',
    'host=a b',
    'host=example.com:8080',
    'host = a',
    'host="a',
    'host=a"',
    'host=a;host=b',
    'host=a;HOST=a',
    'proto=https host=a',
    'proto=https\r\nhost=a',
    'host=[::1]',
    'host=é',
  ])('parseForwarded refuses "%s"', (field) => {
    expect(parseForwarded(field)).toBeNull()
  })

  it('parseForwarded reads every field that a proxy can write', () => {
    const text = fc.stringMatching(/^[\t\x20-\x7e]*$/)
    const quoted = (value: string): string => `"${value.replace(/["\\]/g, '\\$&')}"`
    fc.assert(
      fc.property(
        text,
        text,
        fc.constantFrom('', ', for=x', ',host=y;proto=z'),
        (host, proto, rest) => {
          const field = `for=_a;host=${quoted(host)};proto=${quoted(proto)}${rest}`
          expect(parseForwarded(field)).toEqual({ host, proto })
        },
      ),
    )
  })

  it('parseForwarded ends for every field', () => {
    const pieces = fc.constantFrom('host', '=', '"', '\\', ';', ',', ' ', 'a')
    const fields = fc.oneof(
      fc.string(),
      fc.array(pieces).map((parts) => parts.join('')),
    )
    fc.assert(fc.property(fields, (field) => void parseForwarded(field)))
  })
})

describe('parseOrigin', () => {
  it.each([
    ['https', 'example.com', 'https://example.com'],
    ['HTTPS', 'Example.COM', 'https://example.com'],
    ['http', 'localhost:3000', 'http://localhost:3000'],
    ['https', 'example.com:443', 'https://example.com'],
    ['https', 'my_host.internal.', 'https://my_host.internal.'],
    ['http', '192.0.2.1:8080', 'http://192.0.2.1:8080'],
    ['http', '[2001:db8::1]', 'http://[2001:db8::1]'],
    ['http', '[::ffff:192.0.2.1]:80', 'http://[::ffff:c000:201]'],
    ['https', 'xn--bcher-kva.example', 'https://xn--bcher-kva.example'],
  ])('parseOrigin reads %s and %s', (proto, host, origin) => {
    expect(parseOrigin(proto, host)).toBe(origin)
  })

  it.each([
    ['', 'example.com'],
    ['ftp', 'example.com'],
    ['javascript', 'example.com'],
    ['https://evil.example/', 'example.com'],
    ['https ', 'example.com'],
    ['http', ''],
    ['http', 'evil.example/x?'],
    ['http', 'evil.example#'],
    ['http', 'user@evil.example'],
    ['http', 'a b'],
    ['http', 'a\r\nset-cookie: b'],
    ['http', 'example.com\n'],
    ['http', 'example.com:'],
    ['http', 'example.com:65536'],
    ['http', 'example.com:-1'],
    ['http', 'example.com:80:80'],
    ['http', 'a..b'],
    ['http', '.a'],
    ['http', '-a'],
    ['http', 'a%2eb'],
    ['http', 'exämple.com'],
    ['http', '1.2.3.999'],
    ['http', '::1'],
    ['http', '[::1'],
    ['http', '[::g]'],
    ['http', '[:::]'],
    ['http', '[fe80::1%25eth0]'],
    ['http', `${'a'.repeat(64)}.example`],
    ['http', 'a.'.repeat(200)],
    ['http', 'example.com, evil.example'],
  ])('parseOrigin refuses "%s" and "%s"', (proto, host) => {
    expect(parseOrigin(proto, host)).toBeNull()
  })

  it('parseOrigin returns only a scheme, a host and a port', () => {
    const pieces = fc.constantFrom(
      'a',
      '.',
      ':',
      '[',
      ']',
      '1',
      '/',
      '@',
      '\\',
      '\n',
      '-',
      '%',
      'é',
      '?',
    )
    const hosts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(hosts, (host) => {
        const origin = parseOrigin('https', host)
        if (origin !== null)
          expect(origin).toMatch(/^https:\/\/(?:[0-9a-z._-]+|\[[0-9a-f:]+\])(?::[0-9]+)?$/)
      }),
      { numRuns: 500 },
    )
  })
})

describe('parsePathPrefix', () => {
  it.each([
    ['', ''],
    ['/', ''],
    ['/app', '/app'],
    ['/app/', '/app'],
    ['/a/b/++api++', '/a/b/++api++'],
    ['/a%20b', '/a%20b'],
    ['/.well-known/..a', '/.well-known/..a'],
  ])('parsePathPrefix reads "%s"', (text, prefix) => {
    expect(parsePathPrefix(text)).toBe(prefix)
  })

  it.each([
    'app',
    '//',
    '//evil.example',
    '/\\evil.example',
    '/a//b',
    '/a//',
    '/.',
    '/a/../b',
    '/a/..',
    '/%2e%2E/b',
    '/.%2e',
    '/a%2fb',
    '/a%5Cb',
    '/a%00',
    '/a%0d%0ab',
    '/a%',
    '/a%2',
    '/a b',
    '/a?b',
    '/a#b',
    '/a\r\nb: c',
    '/a\n',
    '/ä',
    'https://evil.example/',
  ])('parsePathPrefix refuses "%s"', (text) => {
    expect(parsePathPrefix(text)).toBeNull()
  })
})
