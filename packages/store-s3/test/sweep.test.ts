import { expect, it } from 'vitest'
import type { FakeS3 } from './support/fake-s3.ts'
import { fakeS3 } from './support/fake-s3.ts'
import { newUpload } from './support/new-upload.ts'
import { SMALL, uploadsIn } from './support/open-uploads.ts'
import { bytesAt, chunks } from './support/upload.ts'

const DAY = 24 * 60 * 60 * 1_000
const PREFIX = 'uploads/'

async function sweep(store: ReturnType<typeof uploadsIn>['store']): Promise<string[]> {
  const ids: string[] = []
  for await (const id of store.list()) ids.push(id)
  return ids
}

/** Makes everything in the bucket older. */
function age(fake: FakeS3, milliseconds: number): void {
  for (const [key, object] of fake.objects) {
    fake.objects.set(key, { ...object, lastModified: object.lastModified - milliseconds })
  }
  for (const [id, multipart] of fake.multiparts) {
    fake.multiparts.set(id, { ...multipart, startedAt: multipart.startedAt - milliseconds })
  }
}

function multipart(key: string) {
  return { key, headers: {}, startedAt: Date.now(), parts: new Map() }
}

function object(text: string) {
  return { bytes: Buffer.from(text), etag: 'e', lastModified: Date.now(), headers: {} }
}

it('the sweep removes multipart uploads and pieces that no record has named for a day, and nothing else', async () => {
  const fake = fakeS3({ smallestPart: 8 * 1024 })
  const { store } = uploadsIn(fake, { ...SMALL, conditionalWrites: 'quoted', shared: false })
  await store.create(newUpload('u1', { length: 100_000 }))
  await store.append('u1', 0, chunks(bytesAt(0, 40_000)), { token: null })
  const [named] = [...fake.multiparts.keys()]
  const ours = [...fake.objects.keys()].sort()
  expect(ours).toHaveLength(2)
  fake.multiparts.set('left', multipart(`${PREFIX}u2`))
  fake.multiparts.set('of others', multipart('elsewhere/u2'))
  fake.objects.set(`${PREFIX}.tusker/tails/u1/left`, object('left'))
  fake.objects.set(`${PREFIX}.tusker/tails/u2/left`, object('left'))
  fake.objects.set('elsewhere/u2', object('of others'))

  expect(await sweep(store)).toEqual(['u1'])
  expect(fake.multiparts.size).toBe(3)
  age(fake, DAY + 60_000)
  fake.multiparts.set('young', multipart(`${PREFIX}u3`))
  expect(await sweep(store)).toEqual(['u1'])
  expect([...fake.multiparts.keys()].sort()).toEqual([named, 'of others', 'young'].sort())
  expect([...fake.objects.keys()].sort()).toEqual([...ours, 'elsewhere/u2'].sort())
})

it('the sweep finishes a removal whose process died', async () => {
  const fake = fakeS3()
  const { store } = uploadsIn(fake, { conditionalWrites: 'quoted', patience: 0 })
  await store.create(newUpload('u1', { length: 5 }))
  await store.append('u1', 0, chunks(Buffer.from('hello')), { token: 1 })
  const end = fake.onRequest(({ operation }) =>
    operation === 'DeleteObject' ? { kind: 'status', status: 500, code: 'InternalError' } : null,
  )
  await expect(store.remove('u1', 2)).rejects.toThrow()
  end()
  expect(await store.find('u1')).toBeNull()
  expect(fake.objects.size).toBeGreaterThan(0)
  age(fake, 2 * 60_000)
  expect(await sweep(uploadsIn(fake, { conditionalWrites: 'quoted' }).store)).toEqual([])
  expect([...fake.objects.keys()]).toEqual([])
})
