import type { UploadServer } from '@tusker/core'
import { createUploadServer } from '@tusker/core'
import { expect, it } from 'vitest'
import type { S3UploadsOptions } from '../src/index.ts'
import { fakeS3 } from './support/fake-s3.ts'
import { uploadsIn } from './support/open-uploads.ts'
import {
  bytesAt,
  chunks,
  create,
  createWith,
  offsetOf,
  patch,
  request,
  upload,
} from './support/upload.ts'

const MIB = 2 ** 20

function serverOn(fake: ReturnType<typeof fakeS3>, options: Partial<S3UploadsOptions> = {}) {
  const { store, locker } = uploadsIn(fake, { conditionalWrites: 'quoted', ...options })
  const server = createUploadServer({ path: '/files', store, locker, downloads: true })
  const operations = (): string[] => fake.seen.map(({ operation, key }) => named(operation, key))
  return { server, store, locker, operations }
}

/** Writes of a record and of bytes are both puts of objects. */
function named(operation: string, key: string): string {
  if (operation !== 'PutObject') return operation
  if (key.includes('/records/')) return 'PutRecord'
  return key.includes('/tails/') ? 'PutPiece' : 'PutObject'
}

function countsOf(operations: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of operations) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

async function sendAtOnce(server: UploadServer, body: Uint8Array): Promise<void> {
  await createWith(server, body)
}

async function sendLater(server: UploadServer, body: Uint8Array): Promise<void> {
  const path = await create(server, body.byteLength)
  expect((await patch(server, path, 0, body)).status).toBe(204)
}

it('a small upload takes one write of its bytes and four of its record', async () => {
  const { server, operations } = serverOn(fakeS3())
  await upload(server, bytesAt(0, 4_096))
  const writes = operations().filter((name) => name !== 'GetObject')
  expect(writes.sort()).toEqual(['PutObject', 'PutRecord', 'PutRecord', 'PutRecord', 'PutRecord'])
})

it('a small upload that is created with its bytes takes one write of them and one of its record', async () => {
  const { server, operations } = serverOn(fakeS3())
  const path = await createWith(server, bytesAt(0, 4_096))
  expect(operations()).toEqual(['PutObject', 'PutRecord'])
  expect(Buffer.compare(await upload.get(server, path), bytesAt(0, 4_096))).toBe(0)
})

it('an upload of one process takes two writes of its record less', async () => {
  const { server, operations } = serverOn(fakeS3(), { shared: false })
  await upload(server, bytesAt(0, 4_096))
  expect(operations().filter((name) => name === 'PutRecord')).toHaveLength(3)
})

/** What `@tus/s3-store` 2.0.7 needs for 64 MiB: `npm run bench:s3` counts it. */
const OF_TUS_S3_STORE = { 'POST with bytes': 15, 'POST, PATCH': 17 }

it.each([
  ['POST with bytes', sendAtOnce, 3, 0],
  ['POST, PATCH', sendLater, 4, 1],
] as const)(
  'a fast upload of 64 MiB takes eight parts and few other requests: %s',
  async (way, send, records, reads) => {
    // No second passes, also on a slow machine: each would add a commit.
    const { server, operations } = serverOn(fakeS3(), { commitEvery: 600_000 })
    await send(server, bytesAt(0, 64 * MIB))
    expect(countsOf(operations())).toEqual({
      UploadPart: 8,
      PutRecord: records,
      CreateMultipartUpload: 1,
      CompleteMultipartUpload: 1,
      HeadObject: 1,
      ...(reads === 0 ? {} : { GetObject: reads }),
    })
    expect(operations().length).toBeLessThanOrEqual(OF_TUS_S3_STORE[way])
  },
)

it('a fast upload of 64 MiB writes no piece, and reads its record rarely', async () => {
  const { server, operations } = serverOn(fakeS3())
  await upload(server, bytesAt(0, 64 * MIB))
  const { GetObject = 0, ...others } = countsOf(operations())
  expect(others).not.toHaveProperty('PutPiece')
  expect(GetObject).toBeLessThan(4)
})

it('a refused request leaves no object', async () => {
  const fake = fakeS3()
  const { server } = serverOn(fake)
  const path = await create(server, 10)
  const before = [...fake.objects.keys()]
  expect((await patch(server, path, 5, bytesAt(5, 5))).status).toBe(409)
  expect((await patch(server, '/files/unknown', 0, bytesAt(0, 5))).status).toBe(404)
  expect((await request(server, 'DELETE', '/files/unknown')).status).toBe(404)
  expect((await request(server, 'HEAD', '/files/unknown')).status).toBe(404)
  expect([...fake.objects.keys()]).toEqual(before)
})

it.each([3 * MIB, 20 * MIB])(
  'an upload of %i bytes whose bytes are not kept leaves its record alone in the bucket',
  async (length) => {
    const fake = fakeS3()
    const { store, locker } = uploadsIn(fake, { conditionalWrites: 'quoted' })
    const hooks = { onComplete: () => ({ location: '/made', keepBytes: false }) }
    const server = createUploadServer({ path: '/files', store, locker, hooks, downloads: true })
    const path = await upload(server, bytesAt(0, length))
    const left = (): string[] =>
      [...fake.objects.keys()].filter((key) => !key.includes('/records/'))
    await expect.poll(left).toEqual([])
    expect(await offsetOf(server, path)).toBe(length)
    expect((await request(server, 'GET', path)).status).toBe(410)
  },
)

it('bytes of a slow client count within about a second, in pieces that are joined later', async () => {
  const fake = fakeS3()
  const { server, operations } = serverOn(fake, { commitEvery: 100 })
  const path = await create(server, 6 * MIB)
  const body = bytesAt(0, 6 * MIB)
  async function* slowly(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < body.byteLength; at += 64 * 1024) {
      yield body.subarray(at, at + 64 * 1024)
      if (at < MIB) await new Promise((resolve) => setTimeout(resolve, 30))
    }
  }
  const sending = patch(server, path, 0, slowly())
  await expect.poll(() => offsetOf(server, path)).toBeGreaterThan(0)
  expect((await sending).status).toBe(204)
  expect(operations()).toContain('PutPiece')
  expect(Buffer.compare(await upload.get(server, path), body)).toBe(0)
  await expect
    .poll(() => [...fake.objects.keys()].filter((key) => key.includes('/tails/')))
    .toEqual([])
})

it('a small piece a second makes few objects and writes each byte a few times', async () => {
  const fake = fakeS3()
  const { store } = serverOn(fake, { shared: false, commitEvery: 10 })
  await store.create(uploadOf(null))
  const count = 200
  async function* dripping(): AsyncGenerator<Uint8Array> {
    for (let index = 0; index < count; index += 1) {
      yield bytesAt(index * 100, 100)
      await new Promise((resolve) => setTimeout(resolve, 12))
    }
  }
  await store.append('u1', 0, dripping(), { token: null })
  const pieces = [...fake.objects.keys()].filter((key) => key.includes('/tails/'))
  expect(pieces.length).toBeLessThan(20)
  const written = fake.seen
    .filter(({ operation, key }) => named(operation, key) === 'PutPiece')
    .reduce((sum, { length }) => sum + length, 0)
  expect(written).toBeLessThan(count * 100 * 12)
})

it('a removed upload leaves nothing in the bucket', async () => {
  const fake = fakeS3()
  const { server } = serverOn(fake)
  const finished = await upload(server, bytesAt(0, 12 * MIB))
  const unfinished = await create(server, 20 * MIB)
  await patch(server, unfinished, 0, bytesAt(0, 9 * MIB))
  for (const path of [finished, unfinished]) {
    expect((await request(server, 'DELETE', path)).status).toBe(204)
  }
  await expect.poll(() => [...fake.objects.keys()]).toEqual([])
  expect([...fake.multiparts.keys()]).toEqual([])
})

it('parts of a final upload are joined by the storage where they are long enough', async () => {
  const fake = fakeS3()
  const { server, operations } = serverOn(fake)
  const paths: string[] = []
  const bodies = [bytesAt(0, 6 * MIB), bytesAt(7, 1_000), bytesAt(9, 11 * MIB)]
  for (const body of bodies) {
    const fields = { 'upload-length': String(body.byteLength), 'upload-concat': 'partial' }
    const { headers } = await request(server, 'POST', '/files', fields)
    const path = String(headers?.['location'])
    expect((await patch(server, path, 0, chunks(body))).status).toBe(204)
    paths.push(path)
  }
  const { status, headers } = await request(server, 'POST', '/files', {
    'upload-concat': `final;${paths.join(' ')}`,
  })
  expect(status).toBe(201)
  expect(operations().filter((name) => name === 'UploadPartCopy').length).toBeGreaterThan(1)
  const whole = await upload.get(server, String(headers?.['location']))
  expect(Buffer.compare(whole, Buffer.concat(bodies))).toBe(0)
})

function uploadOf(length: number | null) {
  return {
    id: 'u1',
    length,
    metadata: '',
    owner: null,
    attributes: {},
    concatenation: null,
    concatenationField: null,
    createdAt: new Date(),
  }
}
