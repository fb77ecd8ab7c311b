import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Downloadable } from './download.ts'
import { download } from './download.ts'
import type { HttpResponse } from '../model/http.ts'

const WRITTEN = new Date('1994-11-06T08:49:37.654Z')

function textFile(text: string, more: Partial<Downloadable> = {}): Downloadable {
  const bytes = new TextEncoder().encode(text)
  return {
    length: bytes.byteLength,
    etag: '"v2"',
    lastModified: WRITTEN,
    mediaType: 'text/plain',
    fileName: 'test.txt',
    async *read(start, end) {
      for (let at = start; at < end; at++) yield bytes.subarray(at, at + 1)
    },
    ...more,
  }
}

function get(
  resource: Downloadable,
  headers: Record<string, string> = {},
  method = 'GET',
): HttpResponse {
  return download({ method, headers: new Headers(headers) }, resource)
}

async function bodyOf({ body = '(none)' }: HttpResponse): Promise<string> {
  if (typeof body === 'string') return body
  let text = ''
  for await (const chunk of body) text += new TextDecoder().decode(chunk)
  return text
}

it('download sends the whole resource with the fields that a client needs to resume', async () => {
  const response = get(textFile('abcdefgh'))
  expect(response).toMatchObject({
    status: 200,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'content-length': '8',
      'content-disposition': 'inline; filename="test.txt"',
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-cache, no-transform',
      'cross-origin-resource-policy': 'same-site',
      etag: '"v2"',
      'last-modified': 'Sun, 06 Nov 1994 08:49:37 GMT',
      'x-content-type-options': 'nosniff',
    },
  })
  expect(response.headers).not.toHaveProperty('content-range')
  expect(await bodyOf(response)).toBe('abcdefgh')
})

describe('a range of download', () => {
  it.each([
    ['bytes=0-2', 'abc', 'bytes 0-2/8'],
    ['bytes=3-', 'defgh', 'bytes 3-7/8'],
    ['bytes=-2', 'gh', 'bytes 6-7/8'],
    ['bytes=0-', 'abcdefgh', 'bytes 0-7/8'],
    ['bytes=7-99', 'h', 'bytes 7-7/8'],
  ])('download serves the range %s as %s', async (range, text, contentRange) => {
    const response = get(textFile('abcdefgh'), { range })
    expect(response).toMatchObject({
      status: 206,
      headers: {
        'content-range': contentRange,
        'content-length': String(text.length),
        etag: '"v2"',
      },
    })
    expect(await bodyOf(response)).toBe(text)
  })

  it.each(['bytes=8-', 'bytes=-0'])(
    'download refuses the range %s and sends the length',
    (range) => {
      expect(get(textFile('abcdefgh'), { range })).toEqual({
        status: 416,
        headers: {
          'content-range': 'bytes */8',
          'content-length': '0',
          'accept-ranges': 'bytes',
          'cache-control': 'private, no-cache, no-transform',
          'cross-origin-resource-policy': 'same-site',
          etag: '"v2"',
          'last-modified': 'Sun, 06 Nov 1994 08:49:37 GMT',
        },
      })
    },
  )

  it.each(['bytes=2-1', 'bytes=a-b', 'bytes=0-1,3-4', 'lines=0-1'])(
    'download sends the whole resource for the range %s',
    async (range) => {
      const response = get(textFile('abcdefgh'), { range })
      expect(response.status).toBe(200)
      expect(response.headers).not.toHaveProperty('content-range')
      expect(await bodyOf(response)).toBe('abcdefgh')
    },
  )

  it('download sends a range only of the version that the client has a part of', () => {
    const range = 'bytes=3-'
    const lastModified = 'Sun, 06 Nov 1994 08:49:37 GMT'
    expect(get(textFile('abcdefgh'), { range, 'if-range': '"v2"' }).status).toBe(206)
    expect(get(textFile('abcdefgh'), { range, 'if-range': '"v1"' }).status).toBe(200)
    expect(get(textFile('abcdefgh'), { range, 'if-range': lastModified }).status).toBe(206)
    expect(get(textFile('abcdefgh'), { range: 'bytes=8-', 'if-range': '"v1"' }).status).toBe(200)
  })

  it('download evaluates the conditions before the range', () => {
    const headers = { range: 'bytes=99-', 'if-none-match': '"v2"' }
    expect(get(textFile('abcdefgh'), headers).status).toBe(304)
  })

  it('adjacent ranges of download joined together are the whole resource', async () => {
    const cuts = fc.tuple(fc.string({ minLength: 1 }), fc.nat(), fc.nat())
    await fc.assert(
      fc.asyncProperty(cuts, async ([text, one, other]) => {
        const resource = textFile(text, { read: bytewise(text) })
        const [from, to] = [one % resource.length, other % resource.length].toSorted(
          (a, b) => a - b,
        )
        const parts = [
          `bytes=0-${from}`,
          `bytes=${(from ?? 0) + 1}-${to}`,
          `bytes=${(to ?? 0) + 1}-`,
        ]
        const served = parts
          .map((range) => get(resource, { range }))
          .filter(({ status }) => status === 206)
        const bodies = await Promise.all(served.map(bodyOf))
        expect(bodies.join('')).toBe([...new TextEncoder().encode(text)].join(' ') + ' ')
      }),
    )
  })
})

/** Bytes as decimal numbers, so that a cut inside a character is visible. */
function bytewise(text: string): Downloadable['read'] {
  const bytes = new TextEncoder().encode(text)
  return async function* (start, end) {
    for (const byte of bytes.subarray(start, end)) yield new TextEncoder().encode(`${byte} `)
  }
}

it('download answers a failed condition without a body', () => {
  const notModified = get(textFile('abcdefgh'), { 'if-none-match': 'W/"v2"' })
  expect(notModified).toEqual({
    status: 304,
    headers: {
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-cache, no-transform',
      'cross-origin-resource-policy': 'same-site',
      etag: '"v2"',
      'last-modified': 'Sun, 06 Nov 1994 08:49:37 GMT',
    },
  })
  const failed = get(textFile('abcdefgh'), { 'if-match': '"v1"' })
  expect(failed).toMatchObject({ status: 412, headers: { 'content-length': '0' } })
  expect(failed).not.toHaveProperty('body')
})

it('download does not read bytes that it does not send', () => {
  let opened = 0
  const resource = textFile('abcdefgh', {
    read: (start, end) => {
      opened += 1
      return textFile('abcdefgh').read(start, end)
    },
  })
  get(resource, {}, 'HEAD')
  get(resource, { 'if-none-match': '*' })
  get(resource, { 'if-match': '"v1"' })
  get(resource, { range: 'bytes=8-' })
  get({ ...resource, length: 0 })
  expect(opened).toBe(0)
  get(resource)
  expect(opened).toBe(1)
})

describe('HEAD', () => {
  it('download sends the same fields to HEAD as to GET, and no body', () => {
    const { status, headers } = get(textFile('abcdefgh'))
    const head = get(textFile('abcdefgh'), {}, 'HEAD')
    expect(head).toEqual({ status, headers })
  })

  it('download ignores a range in HEAD', () => {
    const head = get(textFile('abcdefgh'), { range: 'bytes=0-2' }, 'HEAD')
    expect(head).toMatchObject({ status: 200, headers: { 'content-length': '8' } })
  })

  it('download evaluates conditions in HEAD', () => {
    expect(get(textFile('abcdefgh'), { 'if-none-match': '"v2"' }, 'HEAD').status).toBe(304)
    expect(get(textFile('abcdefgh'), { 'if-match': '"v1"' }, 'HEAD').status).toBe(412)
  })
})

describe('an empty resource', () => {
  it.each([{}, { range: 'bytes=0-' }, { range: 'bytes=-5' }, { range: 'bytes=0-0' }])(
    'download sends an empty resource whole to %j',
    async (headers) => {
      const response = get(textFile(''), headers)
      expect(response).toMatchObject({ status: 200, headers: { 'content-length': '0' }, body: '' })
    },
  )
})

describe('a media type', () => {
  it.each([
    'image/png',
    'IMAGE/JPEG',
    'audio/mpeg',
    'video/mp4',
    'text/plain',
    'text/plain; charset=utf-8',
  ])('download lets browsers show the inert media type %s', (mediaType) => {
    const { headers } = get(textFile('x', { mediaType }))
    expect(headers['content-disposition']).toBe('inline; filename="test.txt"')
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['content-security-policy']).toMatch(/^sandbox; default-src 'none'; /)
  })

  it.each([
    'text/html',
    'Text/HTML; charset=utf-8',
    'application/xhtml+xml',
    'image/svg+xml',
    'image/SVG+XML',
    'text/xml',
    'application/xml',
    'application/rss+xml',
    'text/javascript',
    'application/javascript',
    'text/css',
    'application/pdf',
    'application/x-shockwave-flash',
    'multipart/x-mixed-replace',
    'application/octet-stream',
    'image/unheard-of',
    'text/plain2',
  ])('download makes browsers save the media type %s, which may run scripts', (mediaType) => {
    const { headers } = get(textFile('x', { mediaType }))
    expect(headers).toMatchObject({
      'content-disposition': 'attachment; filename="test.txt"',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
    })
  })

  it.each([
    '',
    'png',
    'text/html\r\nset-cookie: a=b',
    'image/png, text/html',
    'image/png\0',
    'imäge/png',
  ])('download sends the invalid media type %j as bytes to save', (mediaType) => {
    const { headers } = get(textFile('x', { mediaType }))
    expect(headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment; filename="test.txt"',
    })
  })

  it.each([
    'text/javascript',
    'application/x-javascript; charset=utf-8',
    'Text/JavaScript1.5',
    'application/ecmascript',
    'text/jscript',
    'text/css',
    'application/wasm',
    'application/manifest+json',
    'text/cache-manifest',
    'application/speculationrules+json',
    'text/html',
    'application/xhtml+xml',
    'image/svg+xml',
    'application/xml',
    'application/xslt+xml',
    'text/xsl',
  ])(
    'download sends %s as bytes, because a page could load it as a part of itself',
    (mediaType) => {
      expect(get(textFile('x', { mediaType })).headers).toMatchObject({
        'content-type': 'application/octet-stream',
        'content-disposition': 'attachment; filename="test.txt"',
        'x-content-type-options': 'nosniff',
      })
    },
  )

  it.each([
    'application/pdf',
    'application/zip',
    'application/json',
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    'application/msword',
  ])('download keeps the media type %s for the program that opens the saved file', (mediaType) => {
    expect(get(textFile('x', { mediaType })).headers['content-type']).toBe(mediaType)
  })

  it('download keeps the parameters of a media type and adds only a charset', () => {
    const typeOf = (mediaType: string): string | undefined =>
      get(textFile('x', { mediaType })).headers['content-type']
    expect(typeOf('text/plain')).toBe('text/plain; charset=utf-8')
    expect(typeOf('text/csv')).toBe('text/csv; charset=utf-8')
    expect(typeOf('text/plain; charset=ISO-8859-1')).toBe('text/plain; charset=ISO-8859-1')
  })
})

it('download sends no file name when there is none', () => {
  const { headers } = get(textFile('x', { fileName: null }))
  expect(headers['content-disposition']).toBe('inline')
})

it('download sends no Last-Modified in the future, and none for an invalid date', () => {
  const before = Date.now()
  const ahead = get(textFile('x', { lastModified: new Date(before + 86_400_000) }))
  expect(new Date(ahead.headers['last-modified'] ?? '').getTime()).toBeLessThanOrEqual(Date.now())
  const undated = get(textFile('x', { lastModified: new Date(Number.NaN) }))
  expect(undated.status).toBe(200)
  expect(undated.headers).not.toHaveProperty('last-modified')
})

it('download sends valid fields for any metadata of the client', () => {
  const text = fc.string({ unit: 'binary' })
  const types = fc.oneof(
    text,
    text.map((subtype) => `text/${subtype}`),
  )
  fc.assert(
    fc.property(types, text, text, (mediaType, fileName, range) => {
      const request = {
        method: 'GET',
        headers: { get: (name: string) => (name === 'range' ? range : null) },
      }
      const { headers } = download(request, textFile('abc', { mediaType, fileName }))
      for (const value of Object.values(headers)) expect(value).toMatch(/^[\t\x20-\x7e]+$/)
    }),
  )
})
