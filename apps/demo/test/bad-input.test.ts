import type { RawAnswer } from '@tusker/testing'
import { connectRaw } from '@tusker/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Demo } from './support/demo-process.ts'
import { SIGNED_IN, startDemo } from './support/demo-process.ts'

const COMMON = {
  Host: 'localhost',
  'Tus-Resumable': '1.0.0',
  Authorization: SIGNED_IN['authorization'] ?? '',
}

// The tests send requests byte for byte, because a client that normalises paths would change them.
describe('bad input over raw connections', () => {
  let demo: Demo
  let upload: string

  beforeAll(async () => {
    demo = await startDemo()
    const created = await raw('POST /content/@tus-upload', { 'Upload-Length': '5' })
    upload = created.headers['location'] ?? ''
    await raw(
      'POST /content',
      { 'Content-Type': 'application/json' },
      '{"@type":"Folder","id":"folder"}',
    )
  })
  afterAll(() => demo?.dispose())

  async function raw(
    line: string,
    fields: Readonly<Record<string, string>> = {},
    body = '',
  ): Promise<RawAnswer> {
    const connection = await connectRaw(demo.url)
    const all = { ...COMMON, 'Content-Length': String(body.length), ...fields }
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
    try {
      connection.write(`${line} HTTP/1.1\r\n${lines.join('')}\r\n${body}`)
      return await connection.answer({ head: line.startsWith('HEAD') })
    } finally {
      connection.close()
    }
  }

  function assertRefused({ status, headers, body }: RawAnswer, what: string): void {
    expect(status, what).toBeGreaterThanOrEqual(400)
    expect(status, what).toBeLessThan(500)
    expect(body, what).not.toMatch(/node_modules|\.ts:|tusker-demo-/)
    if (body !== '' && headers['content-type'] === 'application/json') {
      const { error } = JSON.parse(body) as {
        error: { type: string; code: string; message: string }
      }
      expect([typeof error.type, typeof error.code, typeof error.message]).toEqual(
        Array(3).fill('string'),
      )
    }
  }

  const paths = [
    '/content/..',
    '/content/../x',
    '/content/%2e%2e',
    '/content/%2E%2e/@tus-upload',
    '/content/%00',
    '/content/a%00b',
    '/content/..%2f..%2fetc%2fpasswd',
    '/content/a%5cb',
    '/content/a\\b',
    '/content/\\..\\x',
    '/content//x',
    '/content/%',
    '/content/%ff',
    '/content/%zz',
    `/content/${'x'.repeat(4_000)}`,
    '/content/__proto__',
    '/content/constructor',
    '/content/@tus-upload',
    '/content/@tus-upload/',
    '/content/@tus-upload/none',
    '/content/@tus-upload/a/b',
    '/content/@tus-upload/..',
    '/content/@tus-upload/%2e%2e',
    '/content/@tus-upload/x.json',
    '/content/@tus-upload/x~record.json',
    '/content/none/@tus-upload/x',
    '/files/..',
    '/files/%2e%2e',
    '/files/a/b',
    '/files/~',
    '/files/__proto__',
    `/files/${'x'.repeat(4_000)}`,
  ]

  it.each(paths.map((path) => [path.slice(0, 60), path]))(
    'the path %s is refused for HEAD, PATCH and DELETE',
    async (_name, path) => {
      for (const method of ['HEAD', 'PATCH', 'DELETE']) {
        const fields: Readonly<Record<string, string>> =
          method === 'PATCH'
            ? { 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': '0' }
            : {}
        assertRefused(await raw(`${method} ${path}`, fields), `${method} ${path}`)
      }
    },
  )

  it.each([
    ['no length', {}],
    ['a negative length', { 'Upload-Length': '-1' }],
    ['a length with an exponent', { 'Upload-Length': '1e3' }],
    ['a length above 2^53 - 1', { 'Upload-Length': '9007199254740992' }],
    ['metadata that is not base64', { 'Upload-Length': '5', 'Upload-Metadata': 'filename ***' }],
    ['a repeated metadata key', { 'Upload-Length': '5', 'Upload-Metadata': 'a YQ==,a YQ==' }],
    ['another version', { 'Upload-Length': '5', 'Tus-Resumable': '0.2.2' }],
    ['no version', { 'Upload-Length': '5', 'Tus-Resumable': '' }],
  ])('a creation with %s is refused', async (what, fields) => {
    assertRefused(await raw('POST /content/@tus-upload', fields), what)
  })

  it.each([
    ['no offset', {}, 400],
    ['an invalid offset', { 'Upload-Offset': 'x' }, 400],
    ['an offset beyond the end', { 'Upload-Offset': '3' }, 409],
    ['another media type', { 'Upload-Offset': '0', 'Content-Type': 'text/plain' }, 415],
    ['too many bytes', { 'Upload-Offset': '0', 'Content-Length': '6' }, 413],
  ])('an append with %s is refused', async (what, fields, status) => {
    const type = { 'Content-Type': 'application/offset+octet-stream' }
    const answer = await raw(`PATCH ${upload}`, { ...type, ...fields }, 'hello')
    assertRefused(answer, what)
    expect(answer.status).toBe(status)
  })

  it.each([
    '../../etc/passwd',
    '..',
    '.',
    '',
    '/',
    '\\..\\x',
    'a\u0000b',
    'a\r\nX-Evil: 1',
    '__proto__',
    'CON',
    'x'.repeat(4_000),
    '世界.txt',
    '@tus-upload',
    '+add',
    '.hidden',
    'a/b/c.txt',
    '\ud800',
  ])('a file named %j is stored under a safe name', async (name) => {
    const value = Buffer.from(name).toString('base64')
    const metadata = name === '' ? 'filename' : `filename ${value}`
    const fields = {
      'Upload-Length': '5',
      'Upload-Metadata': metadata,
      'Content-Type': 'application/offset+octet-stream',
    }
    const created = await raw('POST /content/folder/@tus-upload', fields, 'hello')
    expect(created.status).toBe(201)
    const location = created.headers['content-location'] ?? ''
    expect(location).toMatch(/^\/content\/folder\/[^/@+.][^/]*$/)
    const download = await raw(`GET ${location}`)
    expect([download.status, download.body]).toEqual([200, 'hello'])
    expect(download.headers['x-evil']).toBeUndefined()
  })

  it.each([
    ['an invalid session', { Cookie: 'tusker-00000000=x.y.z' }],
    [
      'a thousand cookies',
      { Cookie: Array.from({ length: 1_000 }, (_, n) => `c${n}=1`).join('; ') },
    ],
    ['empty cookies', { Cookie: ';;=; =;' }],
    ['an invalid origin', { Origin: 'x:y:z', 'Sec-Fetch-Site': '?' }],
  ])('a request with %s gets the same response as one without', async (_what, fields) => {
    expect(JSON.parse((await raw('GET /session', fields)).body)).toMatchObject({ user: null })
    expect((await raw('GET /content', fields)).status).toBe(200)
  })

  it.each([
    ['invalid JSON', '{'],
    ['a list', '[]'],
    ['no password', '{"name":"admin"}'],
    ['a name that is not text', '{"name":{},"password":"x"}'],
    ['a lone surrogate', '{"name":"\\ud800","password":"\\ud800"}'],
    ['a long password', `{"name":"admin","password":"${'x'.repeat(5_000)}"}`],
  ])('a sign-in with %s is refused', async (what, body) => {
    const answer = await raw('POST /session', { 'Content-Type': 'application/json' }, body)
    assertRefused(answer, what)
    expect(answer.headers['set-cookie']).toBeUndefined()
  })

  it('an upload can be completed after all the bad input that was sent to it', async () => {
    const fields = { 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': '0' }
    const last = await raw(`PATCH ${upload}`, fields, 'hello')
    expect(last.status).toBe(204)
    expect((await raw(`GET ${last.headers['location'] ?? ''}`)).body).toBe('hello')
    expect(demo.log()).not.toContain('"level":50')
  })
})
