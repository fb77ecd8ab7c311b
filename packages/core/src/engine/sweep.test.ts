import { expect, it } from 'vitest'
import type { UploadStore } from '../ports/store.ts'
import { createUploadServer } from '../server/create-upload-server.ts'

const UPLOADS = 60

/** A store that never waits: each `find` blocks the event loop for half a millisecond. */
const busyStore: UploadStore = {
  create: () => Promise.resolve(true),
  find() {
    for (const end = performance.now() + 0.5; performance.now() < end; );
    return Promise.resolve(null)
  },
  append: (_id, offset) => Promise.resolve(offset),
  finish: () => Promise.resolve(),
  remove: () => Promise.resolve(),
  async *list() {
    for (let index = 0; index < UPLOADS; index += 1) yield `u${index}`
  },
}

it('a sweep over a store that never waits pauses for timers and requests', async () => {
  const server = createUploadServer({ path: '/files', store: busyStore })
  let turns = 0
  const timer = setInterval(() => (turns += 1), 1)
  await server.sweep()
  clearInterval(timer)
  // It works for 2 milliseconds at a time, so it pauses at least once for every 5 uploads.
  expect(turns).toBeGreaterThanOrEqual(UPLOADS / 5)
})
