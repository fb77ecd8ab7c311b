import { expect } from 'vitest'
import type { HostRule } from './rule.ts'
import { discardingStore } from './discarding-store.ts'
import { connectRaw } from './raw-connection.ts'
import { patch, sleep } from './host-under-test.ts'
import { collectGarbage } from '../collect-garbage.ts'

const MIB = 2 ** 20
const LENGTH = Number(process.env['TUSKER_LOAD_MIB'] ?? 200) * MIB
const ABORTS = 300

function memory(): number {
  collectGarbage()
  const { rss } = process.memoryUsage()
  return rss
}

/** Memory and the number of connections do not grow. */
export const load: readonly HostRule[] = [
  {
    title: `takes in ${LENGTH / MIB} MiB in one request without growing by as much`,
    options: { store: discardingStore() },
    async play({ create, connect }) {
      const path = await create(LENGTH)
      const piece = Buffer.alloc(MIB)
      const before = memory()
      const connection = await connect()
      connection.write(patch(path, 0, LENGTH))
      let most = 0
      for (let sent = 0; sent < LENGTH; sent += MIB) {
        connection.write(piece)
        await connection.flushed()
        if (sent % (8 * MIB) === 0) most = Math.max(most, memory() - before)
      }
      expect((await connection.answer()).status).toBe(204)
      connection.close()
      // Used chunks stay in memory until the next garbage collection, hence the margin.
      expect(most).toBeLessThan(Math.max(96 * MIB, LENGTH / 2))
    },
  },
  {
    title: `forgets ${ABORTS} uploads whose clients left`,
    async play({ create, origin, offsetOf }) {
      const path = await create(1_000)
      const resources = (): number => process.getActiveResourcesInfo().length
      const abort = async (): Promise<void> => {
        const connection = await connectRaw(origin)
        connection.write(`${patch(path, 0, 1_000)}`)
        await sleep(1)
        connection.reset()
      }
      for (let round = 0; round < 20; round += 1) await abort()
      await sleep(600)
      const before = resources()
      for (let round = 0; round < ABORTS; round += 1) await abort()
      await expect.poll(resources, { timeout: 15_000 }).toBeLessThanOrEqual(before + 10)
      expect(await offsetOf(path)).toBe(0)
    },
  },
]
