import { createUploadServer } from '@tusker/core'
import { expect, it } from 'vitest'
import type { S3UploadsOptions } from '../src/index.ts'
import { s3Uploads } from '../src/index.ts'
import type { Fault, Quirks } from './support/fake-s3.ts'
import { fakeS3 } from './support/fake-s3.ts'
import { memoryTexts } from './support/memory-texts.ts'
import { uploadsIn } from './support/open-uploads.ts'
import { request } from './support/upload.ts'

it.each<[string, Quirks, string]>([
  ['AWS', {}, 'quoted'],
  ['Ceph', { conditions: 'unquoted' }, 'unquoted'],
])('the check finds out how %s takes conditional writes', async (_, quirks, conditionalWrites) => {
  const fake = fakeS3(quirks)
  expect(await uploadsIn(fake).check()).toEqual({ conditionalWrites })
  expect([...fake.objects.keys()]).toEqual([])
  expect([...fake.multiparts.keys()]).toEqual([])
})

it.each<[string, Quirks]>([
  ['ignores', { conditions: 'ignored' }],
  ['refuses', { conditions: 'refused' }],
])(
  'the check refuses to share uploads in a bucket that %s conditional writes, unless the records are elsewhere',
  async (_, quirks) => {
    await expect(uploadsIn(fakeS3(quirks)).check()).rejects.toThrow(/shared: false.*redisRecords/)
    const alone = uploadsIn(fakeS3(quirks), { shared: false })
    expect(await alone.check()).toEqual({ conditionalWrites: 'none' })
    const elsewhere = uploadsIn(fakeS3(quirks), { records: { texts: memoryTexts() } })
    expect(await elsewhere.check()).toEqual({ conditionalWrites: 'none' })
  },
)

const refusals: readonly [operation: string, status: number, code: string, says: RegExp][] = [
  ['PutObject', 403, 'AccessDenied', /the right s3:PutObject is missing/],
  ['GetObject', 403, 'AccessDenied', /the right s3:GetObject is missing/],
  ['ListObjectsV2', 403, 'AccessDenied', /the right s3:ListBucket is missing/],
  [
    'ListMultipartUploads',
    403,
    'AccessDenied',
    /the right s3:ListBucketMultipartUploads is missing/,
  ],
  ['ListParts', 403, 'AccessDenied', /the right s3:ListMultipartUploadParts is missing/],
  ['AbortMultipartUpload', 403, 'AccessDenied', /the right s3:AbortMultipartUpload is missing/],
  ['DeleteObject', 403, 'AccessDenied', /the right s3:DeleteObject is missing/],
  ['PutObject', 404, 'NoSuchBucket', /there is no such bucket/],
  ['PutObject', 301, 'PermanentRedirect', /in another region/],
  ['PutObject', 403, 'InvalidAccessKeyId', /does not know the access key/],
  ['PutObject', 403, 'SignatureDoesNotMatch', /the secret access key is wrong/],
  ['PutObject', 403, 'ExpiredToken', /the session token has expired/],
  ['PutObject', 403, 'RequestTimeTooSkewed', /the clock of this host is wrong/],
]

it.each(refusals)(
  'the check explains %s answered by %s %s',
  async (operation, status, code, says) => {
    const fake = fakeS3()
    fake.onRequest((seen) =>
      seen.operation === operation ? { kind: 'status', status, code } : null,
    )
    await expect(uploadsIn(fake).check()).rejects.toThrow(says)
  },
)

it('the check says in one sentence that the storage is not reached', async () => {
  const uploads = s3Uploads({
    bucket: 'bucket',
    endpoint: 'http://127.0.0.1:9',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    patience: 0,
  })
  await expect(uploads.check()).rejects.toThrow(/^S3: .*not/)
})

it('a storage that throttles for long is answered by 503 and Retry-After', async () => {
  const fake = fakeS3()
  const { store, locker } = uploadsIn(fake, { patience: 200 })
  const server = createUploadServer({ path: '/files', store, locker })
  const slow: Fault = { kind: 'status', status: 503, code: 'SlowDown' }
  const end = fake.onRequest(() => slow)
  const refused = await request(server, 'POST', '/files', { 'upload-length': '5' })
  expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '5' } })
  end()
  expect((await request(server, 'POST', '/files', { 'upload-length': '5' })).status).toBe(201)
})

it.each<[string, Partial<S3UploadsOptions>]>([
  ['prefix', { prefix: '' }],
  ['prefix', { prefix: '/uploads/' }],
  ['partSize', { partSize: 0 }],
  ['smallestPart', { partSize: 1_000, smallestPart: 2_000 }],
  ['maxParts', { maxParts: 20_000 }],
  ['memory', { memory: 1_000 }],
  ['leaseTtl', { leaseTtl: 1 }],
  ['endpoint', { endpoint: 'localhost' }],
])('an option that cannot be is refused by its name: %s', (name, options) => {
  expect(() => uploadsIn(fakeS3(), options)).toThrow(new RegExp(`^${name}: `))
})

it.each([-1, 1])(
  'a host whose clock is an hour wrong signs with the time of the storage (%s)',
  async (hours) => {
    const fake = fakeS3({ clockAhead: hours * 3_600_000 })
    expect(await uploadsIn(fake).check()).toEqual({ conditionalWrites: 'quoted' })
    expect(fake.skewed()).toBe(1)
  },
)
