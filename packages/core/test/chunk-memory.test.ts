import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { meter } from '../src/engine/metered-body.ts'

const BODIES = 1_000
const CHUNK = 16 * 1024

// A collection of young objects comes often and costs little. What it cannot free waits for a full collection,
// and bodies that wait bring that one forward.
it('a collection of young objects frees the chunks of the bodies that ended', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (options: { type: 'minor' }) => void
  const held = (): number => {
    // Another thread frees the memory. The second collection waits for that of the first.
    collect({ type: 'minor' })
    collect({ type: 'minor' })
    return process.memoryUsage().arrayBuffers
  }
  const before = held()
  for (let body = 0; body < BODIES; body += 1) await readBody()
  expect(held() - before).toBeLessThan((BODIES * CHUNK) / 4)
})

async function readBody(): Promise<void> {
  let count = 0
  for await (const chunk of meter(oneChunk(), { limit: CHUNK })) count += chunk.byteLength
  expect(count).toBe(CHUNK)
}

async function* oneChunk(): AsyncGenerator<Uint8Array> {
  await Promise.resolve()
  yield new Uint8Array(CHUNK)
}
