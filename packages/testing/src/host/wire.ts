import { expect } from 'vitest'
import type { HostRule } from './rule.ts'
import type { RawAnswer } from './raw-connection.ts'
import { patch, request, UNHURRIED } from './host-under-test.ts'

function assertBare({ headers }: RawAnswer): void {
  for (const name of ['content-type', 'transfer-encoding', 'etag']) {
    expect(headers[name], name).toBeUndefined()
  }
}

/** The bytes on the wire, in both directions. */
export const wire: readonly HostRule[] = [
  {
    title: 'sends no body, and no fields of one, with HEAD and 204',
    async play({ create, once }) {
      const path = await create(5)
      const head = await once(request('HEAD', path))
      assertBare(head)
      expect(head.headers['cache-control']).toBe('no-store')
      const appended = await once(patch(path, 0, 5), 'hello')
      expect(appended.status).toBe(204)
      assertBare(appended)
      expect(appended.headers['content-length']).toBeUndefined()
    },
  },
  {
    title: 'takes chunked transfer coding without a length',
    async play({ create, once }) {
      const path = await create(10)
      const fields = {
        'Content-Type': 'application/offset+octet-stream',
        'Upload-Offset': 0,
        'Transfer-Encoding': 'chunked',
      }
      const body = '5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n'
      const answer = await once(request('PATCH', path, fields), body)
      expect([answer.status, answer.headers['upload-offset']]).toEqual([204, '10'])
    },
  },
  {
    title: 'serves HTTP/1.0',
    async play({ create, once }) {
      const path = await create(5)
      const head = patch(path, 0, 5).replace('HTTP/1.1', 'HTTP/1.0')
      expect((await once(head, 'hello')).status).toBe(204)
    },
  },
  {
    title: 'answers pipelined requests in their order',
    options: { hooks: UNHURRIED },
    async play({ create, connect }) {
      const path = await create(10)
      const connection = await connect()
      const appends = `${patch(path, 0, 5)}hello${patch(path, 5, 5)}world`
      connection.write(request('HEAD', path) + appends + request('HEAD', path))
      expect((await connection.answer({ head: true })).headers['upload-offset']).toBe('0')
      expect((await connection.answer()).headers['upload-offset']).toBe('5')
      expect((await connection.answer()).headers['upload-offset']).toBe('10')
      expect((await connection.answer({ head: true })).headers['upload-offset']).toBe('10')
      connection.close()
    },
  },
  {
    title: 'serves a hundred requests on one connection',
    async play({ create, connect }) {
      const path = await create(100)
      const connection = await connect()
      for (let offset = 0; offset < 100; offset += 1) {
        connection.write(`${patch(path, offset, 1)}x`)
        const { status, headers } = await connection.answer()
        expect([status, headers['upload-offset']]).toEqual([204, String(offset + 1)])
      }
      connection.close()
    },
  },
  {
    title: 'refuses two different offsets in one request',
    async play({ create, once, offsetOf }) {
      const path = await create(10)
      const head = patch(path, 0, 5).replace(
        'Upload-Offset: 0',
        'Upload-Offset: 0\r\nUpload-Offset: 3',
      )
      expect((await once(head, 'hello')).status).toBe(400)
      expect(await offsetOf(path)).toBe(0)
    },
  },
  {
    title: 'reads field names in any case',
    async play({ create, once }) {
      const path = await create(5)
      const head = patch(path, 0, 5)
        .replace('Upload-Offset', 'uPLOAD-oFFSET')
        .replace('Tus-Resumable', 'TUS-RESUMABLE')
      expect((await once(head, 'hello')).status).toBe(204)
    },
  },
  {
    title: 'answers odd request targets, and serves the next request',
    async play({ create, once, offsetOf }) {
      const path = await create(5)
      const targets = [
        '*',
        '//files',
        '/files//',
        '/files/%00',
        '/files/..%2f..%2fetc',
        '/files/\\..\\x',
      ]
      for (const target of [
        ...targets,
        'http://',
        'http://evil/x?',
        `/files/${'x'.repeat(4_000)}`,
      ]) {
        const { status } = await once(request('HEAD', target))
        expect(status, target).toBeGreaterThanOrEqual(400)
        expect(status, target).toBeLessThan(500)
      }
      expect(await offsetOf(path)).toBe(0)
    },
  },
  {
    title: 'accepts the absolute form of a target, and trusts no host in it',
    async play({ once, origin }) {
      const head = request('POST', `${origin}/files`, { 'Upload-Length': 5, Host: 'evil.example' })
      const answer = await once(head)
      expect(answer.status).toBe(201)
      expect(answer.headers['location']).toMatch(/^\/files\/[0-9a-f]+$/)
    },
  },
]
