import { expect, it } from 'vitest'
import type { FakeS3 } from './support/fake-s3.ts'
import { fakeS3 } from './support/fake-s3.ts'
import { asking } from './support/hold.ts'
import { newUpload } from './support/new-upload.ts'
import { uploadsIn } from './support/open-uploads.ts'
import { bytesAt, chunks } from './support/upload.ts'

const SHORT = 500
const LONG = 20_000

function processOn(fake: FakeS3, leaseTtl = SHORT) {
  const { store, locker } = uploadsIn(fake, { conditionalWrites: 'quoted', leaseTtl })
  const tokenOf = (ask: 'nothing' | 'yield') =>
    locker.withLease('u1', asking(ask), ({ token }) => Promise.resolve(token))
  const create = () => store.create(newUpload('u1'), { leasedBy: locker })
  return { store, create, tokenOf }
}

it('the caller that created an upload gets its first lease without a request', async () => {
  const fake = fakeS3()
  const { create, tokenOf } = processOn(fake, LONG)
  await create()
  const before = fake.seen.length
  expect(await tokenOf('nothing')).toBe(1)
  // Only the release.
  expect(fake.seen.length).toBe(before + 1)
  expect(await tokenOf('nothing')).toBe(2)
})

it('another process takes over an upload whose creator died before its first bytes', async () => {
  const fake = fakeS3()
  await processOn(fake).create()
  const other = processOn(fake)
  await expect(other.tokenOf('nothing')).rejects.toMatchObject({ code: 'busy' })
  expect(await other.tokenOf('yield')).toBe(2)
})

it('a first lease that no caller asked for in time is not relied on', async () => {
  const fake = fakeS3()
  const { create, tokenOf } = processOn(fake)
  await create()
  await new Promise((resolve) => setTimeout(resolve, SHORT / 2))
  expect(await tokenOf('yield')).toBe(2)
})

it('an upload that is created for another locker gets no first lease', async () => {
  const fake = fakeS3()
  const { locker } = uploadsIn(fake, { conditionalWrites: 'quoted' })
  const { store } = processOn(fake, LONG)
  await store.create(newUpload('u1'), { leasedBy: locker })
  const token = await locker.withLease('u1', asking('nothing'), (lease) =>
    Promise.resolve(lease.token),
  )
  expect(token).toBe(1)
})

it('an append to an upload that was removed and created again under its id changes nothing', async () => {
  const fake = fakeS3()
  const [one, other] = [processOn(fake), processOn(fake)]
  await one.store.create(newUpload('u1'))
  let goOn = (): void => {}
  const isReplaced = new Promise<void>((resolve) => (goOn = resolve))
  async function* body(): AsyncGenerator<Uint8Array> {
    await isReplaced
    yield* chunks(bytesAt(0, 5))
  }
  const late = one.store.append('u1', 0, body(), { token: 1 })
  await other.store.remove('u1', 2)
  await other.store.create(newUpload('u1'))
  goOn()
  await expect(late).rejects.toMatchObject({ code: 'interrupted' })
  expect((await other.store.find('u1'))?.offset).toBe(0)
})
