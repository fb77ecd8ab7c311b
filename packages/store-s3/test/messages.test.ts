import type { Lease } from '@tusker/core'
import { expect, it } from 'vitest'
import { fakeS3 } from './support/fake-s3.ts'
import { asking, handOver, holdUntil } from './support/hold.ts'
import { memoryMessages } from './support/memory-messages.ts'
import { newUpload } from './support/new-upload.ts'
import { uploadsIn } from './support/open-uploads.ts'

/** Without messages, a holder looks so rarely that the next caller waits for half a minute. */
const lookEvery = 30_000

async function twoProcesses() {
  const fake = fakeS3()
  const messages = memoryMessages()
  const open = () => uploadsIn(fake, { messages, lookEvery, conditionalWrites: 'quoted' })
  const [one, two] = [open(), open()]
  await one.store.create(newUpload('u1'))
  return { fake, one: one.locker, two: two.locker }
}

it.each<['yield' | 'stop', (lease: Lease, release: () => void) => void]>([
  ['yield', ({ yieldRequest }, release) => void yieldRequest.onPending(release)],
  ['stop', ({ lost }, release) => lost.addEventListener('abort', release)],
])(
  'a holder that is asked to %s hands its lease over within a second where messages are given',
  async (ask, isAsked) => {
    const { one, two } = await twoProcesses()
    expect(await handOver(one, two, ask, isAsked)).toBeLessThan(1_000)
  },
)

it('a caller that waits gets the lease at once when its holder ends', async () => {
  const { one, two } = await twoProcesses()
  let end = (): void => {}
  await holdUntil(one, (_lease, release) => (end = release))
  const waiting = two.withLease('u1', asking('yield'), async () => performance.now())
  await new Promise((resolve) => setTimeout(resolve, 100))
  const endedAt = performance.now()
  end()
  expect((await waiting) - endedAt).toBeLessThan(500)
})

it('a holder reads its record rarely while messages arrive and no caller waits', async () => {
  const fake = fakeS3()
  const options = { messages: memoryMessages(), conditionalWrites: 'quoted' } as const
  const { store, locker } = uploadsIn(fake, options)
  await store.create(newUpload('u1'))
  await locker.withLease('u1', asking('yield'), async () => {
    const before = fake.seen.length
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    expect(fake.seen.slice(before)).toEqual([])
  })
})
