import { expect } from 'vitest'
import type { HostRule } from './rule.ts'
import { patch, request, sleep, UNHURRIED } from './host-under-test.ts'

/** Idle time is limited, total time is not. */
export const time: readonly HostRule[] = [
  {
    title: 'ends a body that pauses for too long, and keeps its bytes',
    options: { idleTimeout: 300 },
    async play({ create, connect, offsetOf }) {
      const path = await create(10)
      const connection = await connect()
      const began = performance.now()
      connection.write(`${patch(path, 0, 10)}hello`)
      expect((await connection.answer()).status).toBe(423)
      expect(performance.now() - began).toBeGreaterThan(250)
      connection.close()
      expect(await offsetOf(path)).toBe(5)
    },
  },
  {
    title: 'serves the next request on a connection after it ended a body',
    options: { idleTimeout: 200 },
    async play({ create, connect }) {
      const path = await create(2_000_000)
      const connection = await connect()
      connection.write(`${patch(path, 0, 1_000_005)}hello`)
      expect((await connection.answer()).status).toBe(423)
      connection.write('x'.repeat(1_000_000) + request('HEAD', path))
      const next = await connection.answer({ head: true })
      expect([next.status, next.headers['upload-offset']]).toEqual([200, '5'])
      connection.close()
    },
  },
  {
    title: 'receives a steady upload that takes longer than the limit of the host',
    options: { idleTimeout: 500, totalTimeout: 800 },
    async play({ create, connect }) {
      const path = await create(30)
      const connection = await connect()
      connection.write(patch(path, 0, 30))
      for (let sent = 0; sent < 30; sent += 1) {
        connection.write('x')
        await sleep(100)
      }
      const answer = await connection.answer()
      expect([answer.status, answer.headers['upload-offset']]).toEqual([204, '30'])
      connection.close()
    },
  },
  {
    title: 'shuts down in order: bytes are kept, and the client gets a response to retry on',
    async play({ create, connect, listening, store }) {
      if (listening.leave === undefined) return
      const path = await create(10)
      const connection = await connect()
      connection.write(`${patch(path, 0, 10)}hello`)
      await sleep(100)
      const left = listening.leave()
      const answer = await connection.answer()
      expect(answer.status).toBe(503)
      expect(answer.headers['retry-after']).toBeDefined()
      connection.close()
      await left
      expect((await store.find(path.slice('/files/'.length)))?.offset).toBe(5)
    },
  },
  {
    title: 'responds to a client that closed its side after a complete request',
    options: { hooks: UNHURRIED },
    async play({ create, connect, once }) {
      const path = await create(5)
      await once(request('HEAD', path))
      const connection = await connect()
      connection.write(`${patch(path, 0, 5)}hello`)
      connection.end()
      expect((await connection.answer()).status).toBe(204)
    },
  },
]
