import { createUploadServer } from '@tusker/core'
import { expect, it } from 'vitest'
import type { S3UploadsOptions } from '../src/index.ts'
import type { Fault, Seen } from './support/fake-s3.ts'
import { fakeS3 } from './support/fake-s3.ts'
import { uploadsIn } from './support/open-uploads.ts'
import { bytesAt, createWith, upload } from './support/upload.ts'

const PART = 16 * 1024
const settings = { partSize: PART, smallestPart: PART / 2, patience: 3_000 }
const quirks = { smallestPart: PART / 2 }

const faults: Readonly<Record<string, Fault>> = {
  'whose answer is lost': { kind: 'lost-answer' },
  'that is cut off': { kind: 'cut' },
  'answered by 500 after it was done': { kind: 'late-failure' },
  'answered by 500': { kind: 'status', status: 500, code: 'InternalError' },
  'answered by SlowDown': { kind: 'status', status: 503, code: 'SlowDown' },
  'answered by 409': { kind: 'status', status: 409, code: 'ConditionalRequestConflict' },
}

/** All requests of a large upload, in two PATCHes, of which the first ends within a part. */
async function requestsOfUpload(): Promise<readonly Seen[]> {
  const fake = fakeS3(quirks)
  await uploadInTwo(fake)
  return fake.seen
}

async function uploadInTwo(
  fake: ReturnType<typeof fakeS3>,
  options: Partial<S3UploadsOptions> = {},
): Promise<void> {
  const { store, locker } = uploadsIn(fake, {
    ...settings,
    conditionalWrites: 'quoted',
    leaseTtl: 500,
    ...options,
  })
  const server = createUploadServer({ path: '/files', store, locker, downloads: true })
  const body = bytesAt(0, 5 * PART + 77)
  const path = await upload(server, body, [2 * PART + 5_000])
  const response = await upload.get(server, path).catch(() => upload.get(server, path))
  expect(Buffer.compare(response, body)).toBe(0)
}

it.each(Object.entries(faults))(
  'an upload has all its bytes with any one request %s',
  { timeout: 120_000 },
  async (_, fault) => {
    const count = (await requestsOfUpload()).length
    for (let index = 0; index < count; index += 1) {
      const fake = fakeS3(quirks)
      let seen = 0
      fake.onRequest(() => (seen++ === index ? fault : null))
      await uploadInTwo(fake).catch((error: unknown) => {
        throw new Error(`request ${index}: ${JSON.stringify(fake.seen[index])}`, { cause: error })
      })
    }
  },
)

it.each(Object.entries(faults).filter(([, { kind }]) => kind !== 'status'))(
  'an upload has all its bytes where a client must resume after one request %s',
  { timeout: 120_000 },
  async (_, fault) => {
    const count = (await requestsOfUpload()).length
    const indexes = Array.from({ length: count }, (_item, index) => index)
    await Promise.all(
      indexes.map(async (index) => {
        const fake = fakeS3(quirks)
        let seen = 0
        fake.onRequest(() => (seen++ === index ? fault : null))
        await uploadInTwo(fake, { patience: 0 }).catch((error: unknown) => {
          throw new Error(`request ${index}: ${JSON.stringify(fake.seen[index])}`, { cause: error })
        })
      }),
    )
  },
)

it.each(Object.entries(faults))(
  'a small upload that is created with its bytes has them all with any one request %s',
  async (_, fault) => {
    for (const patience of [0, 3_000]) {
      for (const index of [0, 1]) {
        const fake = fakeS3()
        const options = { patience, conditionalWrites: 'quoted' } as const
        const { store, locker } = uploadsIn(fake, options)
        const server = createUploadServer({ path: '/files', store, locker, downloads: true })
        let seen = 0
        fake.onRequest(() => (seen++ === index ? fault : null))
        const body = bytesAt(0, 3_000)
        const again = () => createWith(server, body)
        const path = await (patience === 0 ? again().catch(again) : again())
        expect(Buffer.compare(await upload.get(server, path), body)).toBe(0)
      }
    }
  },
)

it('Complete that answers 200 with an error in its body is repeated', async () => {
  const fake = fakeS3(quirks)
  let isFirst = true
  fake.onRequest(({ operation }) => {
    if (operation !== 'CompleteMultipartUpload' || !isFirst) return null
    isFirst = false
    return { kind: 'error-body', code: 'InternalError' }
  })
  await uploadInTwo(fake)
  expect(fake.seen.filter(({ operation }) => operation === 'CompleteMultipartUpload')).toHaveLength(
    2,
  )
})
