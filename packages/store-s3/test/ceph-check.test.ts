import { expect, it } from 'vitest'
import type { S3UploadsOptions } from '../src/index.ts'
import { createBucket, deny } from './support/create-bucket.ts'
import { CREDENTIALS } from './support/credentials.ts'
import { describeCeph, freshPrefix, uploadsOn } from './support/describe-ceph.ts'
import { newUpload } from './support/new-upload.ts'
import { bytesAt, chunks } from './support/upload.ts'

const wrong: readonly [what: string, options: Partial<S3UploadsOptions>, says: RegExp][] = [
  [
    'an unknown access key',
    { credentials: { ...CREDENTIALS, accessKeyId: 'unknown' } },
    /access key/,
  ],
  ['a wrong secret', { credentials: { ...CREDENTIALS, secretAccessKey: 'wrong' } }, /secret/],
  ['a bucket that does not exist', { bucket: 'missing' }, /no such bucket/],
]

describeCeph('what is wrong with a bucket of Ceph', (endpoint) => {
  it('the check finds out that Ceph takes conditions without quotes', async () => {
    const found = await uploadsOn(endpoint, freshPrefix()).check()
    expect(found).toEqual({ conditionalWrites: 'unquoted' })
  })

  it.each(wrong)('the check names %s in one line', async (_, options, says) => {
    const error = await uploadsOn(endpoint, freshPrefix(), options)
      .check()
      .catch((reason: unknown) => reason)
    expect(String(error)).toMatch(says)
    expect(String(error)).toMatch(/^Error: S3: [^\n]+$/)
  })

  it.each([
    'PutObject',
    'GetObject',
    'ListBucket',
    'ListBucketMultipartUploads',
    'ListMultipartUploadParts',
    'AbortMultipartUpload',
    'DeleteObject',
  ])('the check names the right s3:%s that a policy of Ceph denies', async (right) => {
    const bucket = `without-${right.toLowerCase()}`
    await createBucket(endpoint, bucket)
    await deny(endpoint, bucket, `s3:${right}`)
    await expect(uploadsOn(endpoint, freshPrefix(), { bucket }).check()).rejects.toThrow(
      `S3: the right s3:${right} is missing`,
    )
  })

  it('Ceph accepts any region, so the check cannot find a wrong one', async () => {
    const { check } = uploadsOn(endpoint, freshPrefix(), { region: 'elsewhere-1' })
    expect(await check()).toEqual({ conditionalWrites: 'unquoted' })
  })

  it('a client downloads an object from Ceph by the URL of a redirect', async () => {
    const options = { redirectFor: '1m', conditionalWrites: 'unquoted' } as const
    const { store } = uploadsOn(endpoint, freshPrefix(), options)
    await store.create(newUpload('u1', { length: 1_000 }))
    await store.append('u1', 0, chunks(bytesAt(0, 1_000)), { token: 1 })
    const fields = {
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': `attachment; filename="a b.txt"; filename*=UTF-8''a%20%C3%BC.txt`,
    }
    const response = await fetch((await store.downloadUrl?.('u1', fields)) ?? '')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe(fields['content-type'])
    expect(response.headers.get('content-disposition')).toBe(fields['content-disposition'])
    expect(Buffer.compare(Buffer.from(await response.arrayBuffer()), bytesAt(0, 1_000))).toBe(0)
  })
})
