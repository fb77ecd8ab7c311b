import { expect, it } from 'vitest'
import type { S3UploadsOptions } from '../src/index.ts'
import { CREDENTIALS } from './support/credentials.ts'
import { describeCeph, freshPrefix, uploadsOn } from './support/describe-ceph.ts'
import { newUpload } from './support/new-upload.ts'
import { bytesAt, chunks } from './support/upload.ts'

const wrong: readonly [what: string, options: Partial<S3UploadsOptions>, says: RegExp][] = [
  [
    'an unknown access key',
    { credentials: { ...CREDENTIALS, accessKeyId: 'nobody' } },
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
