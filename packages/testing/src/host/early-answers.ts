import { expect } from 'vitest'
import type { HostRule } from './rule.ts'
import { patch, request, sleep } from './host-under-test.ts'

const PIECE = 'x'.repeat(64 * 1024)

/** An error response must reach a client that is still sending, and keep its connection usable. */
export const earlyAnswers: readonly HostRule[] = [
  {
    title: 'answers 409 while the client still sends, then the next request on the connection',
    async play({ create, connect }) {
      const path = await create(1_000_000)
      const connection = await connect()
      connection.write(patch(path, 3, 10 * PIECE.length) + PIECE)
      const refused = await connection.answer()
      expect(refused.status).toBe(409)
      for (let sent = 1; sent < 10; sent += 1) connection.write(PIECE)
      connection.write(request('HEAD', path))
      const next = await connection.answer({ head: true })
      expect([next.status, next.headers['upload-offset']]).toEqual([200, '0'])
      connection.close()
    },
  },
  {
    title: 'answers 413 to a body that is announced as too long, before the body arrives',
    async play({ create, connect, offsetOf }) {
      const path = await create(10)
      const connection = await connect()
      connection.write(patch(path, 0, 11))
      expect((await connection.answer()).status).toBe(413)
      connection.write(`hello world${request('HEAD', path)}`)
      expect((await connection.answer({ head: true })).status).toBe(200)
      connection.close()
      expect(await offsetOf(path)).toBe(0)
    },
  },
  {
    title: 'answers 413 in the middle of a chunked body that becomes too long',
    async play({ create, connect }) {
      const path = await create(10)
      const connection = await connect()
      const head = request('PATCH', path, {
        'Content-Type': 'application/offset+octet-stream',
        'Upload-Offset': 0,
        'Transfer-Encoding': 'chunked',
      })
      connection.write(`${head}8\r\n12345678\r\n8\r\n12345678\r\n`)
      expect((await connection.answer()).status).toBe(413)
      connection.write(`3\r\nabc\r\n0\r\n\r\n${request('HEAD', path)}`)
      expect((await connection.answer({ head: true })).headers['upload-offset']).toBe('10')
      connection.close()
    },
  },
  {
    title: 'lets a client that does not stop sending read its response, then closes the connection',
    async play({ create, connect }) {
      const path = await create(1_000_000)
      const connection = await connect()
      connection.write(patch(path, 3, 1_000_000_000))
      let sending = true
      void connection.over.then(() => (sending = false))
      const send = async (): Promise<void> => {
        while (sending) {
          connection.write(PIECE.slice(0, 1_000))
          await sleep(10)
        }
      }
      const sent = send()
      expect((await connection.answer()).status).toBe(409)
      await connection.over
      await sent
    },
  },
  {
    title: 'sends 100 Continue once the request was accepted',
    async play({ create, connect }) {
      const path = await create(5)
      const connection = await connect()
      connection.write(patch(path, 0, 5, { Expect: '100-continue' }))
      expect((await connection.answer()).status).toBe(100)
      connection.write('hello')
      expect((await connection.answer()).status).toBe(204)
      connection.close()
    },
  },
  {
    title: 'refuses a client that waits for 100 Continue before it sends its body',
    async play({ create, connect, once }) {
      const path = await create(5)
      // The host has handled a request by now, and has prepared the server with it.
      await once(request('HEAD', path))
      const connection = await connect()
      connection.write(patch(path, 3, 5, { Expect: '100-continue' }))
      expect((await connection.answer()).status).toBe(409)
      connection.close()
    },
  },
]
