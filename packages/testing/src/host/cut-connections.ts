import { expect } from 'vitest'
import { timeOf } from '../time-of.ts'
import type { HostRule } from './rule.ts'
import type { RawConnection } from './raw-connection.ts'
import type { HostStage } from './host-under-test.ts'
import { patch, request, sleep } from './host-under-test.ts'

/** Sends part of a body, and waits until the server has it. */
async function begin({ connect, offsetOf }: HostStage, path: string): Promise<RawConnection> {
  const connection = await connect()
  connection.write(`${patch(path, 0, 10)}hello`)
  await expect.poll(() => offsetOf(path), { timeout: 15_000 }).toBe(5)
  return connection
}

async function goesOn({ once }: HostStage, path: string): Promise<void> {
  const time = await timeOf(async () => {
    expect((await once(patch(path, 5, 5), 'world')).status).toBe(204)
  })
  expect(time).toBeLessThan(1_000)
  const download = await once(request('GET', path))
  expect(download.body).toBe('helloworld')
}

/** Bytes that arrived are kept, and no request waits for a client that is gone. */
export const cutConnections: readonly HostRule[] = [
  {
    title: 'keeps the bytes before a FIN, and the client resumes at once',
    async play(stage) {
      const path = await stage.create(10)
      const connection = await begin(stage, path)
      connection.close()
      await goesOn(stage, path)
    },
  },
  {
    title: 'keeps the bytes before an RST, and the client resumes at once',
    async play(stage) {
      const path = await stage.create(10)
      const connection = await begin(stage, path)
      connection.reset()
      await goesOn(stage, path)
    },
  },
  {
    title: 'lets a client take over from a connection that broke without a FIN or an RST',
    async play(stage) {
      const path = await stage.create(10)
      const connection = await begin(stage, path)
      await goesOn(stage, path)
      connection.close()
    },
  },
  {
    title: 'answers HEAD at once during an append, and does not disturb the append',
    async play(stage) {
      const path = await stage.create(10)
      const connection = await begin(stage, path)
      for (let look = 0; look < 5; look += 1) {
        const time = await timeOf(async () => expect(await stage.offsetOf(path)).toBe(5))
        expect(time).toBeLessThan(2_000)
        await sleep(100)
      }
      connection.write('world')
      expect((await connection.answer()).status).toBe(204)
      connection.close()
    },
  },
  {
    title: 'ends a running append when its upload is removed',
    async play(stage) {
      const path = await stage.create(10)
      const connection = await begin(stage, path)
      const removed = await stage.once(request('DELETE', path))
      expect(removed.status).toBe(204)
      expect((await stage.once(request('HEAD', path))).status).toBe(404)
      connection.close()
    },
  },
  {
    title: 'survives a client that disconnects in the middle of a download',
    async play({ create, once, connect, offsetOf }) {
      const path = await create(3_000_000)
      await once(patch(path, 0, 3_000_000), 'x'.repeat(3_000_000))
      for (const leave of ['close', 'reset'] as const) {
        const connection = await connect()
        connection.write(request('GET', path))
        await sleep(30)
        connection[leave]()
      }
      await sleep(100)
      expect(await offsetOf(path)).toBe(3_000_000)
    },
  },
]
