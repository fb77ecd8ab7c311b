import { expect, it } from 'vitest'
import { fakeS3 } from './support/fake-s3.ts'
import { newUpload } from './support/new-upload.ts'
import { SMALL, uploadsIn } from './support/open-uploads.ts'
import { bytesAt, chunks } from './support/upload.ts'

const ENCRYPTED = {
  'x-amz-server-side-encryption': 'aws:kms',
  'x-amz-server-side-encryption-aws-kms-key-id': 'key-1',
}
const OBJECT = {
  'cache-control': 'max-age=60',
  'content-disposition': 'inline',
  'content-type': 'image/png',
  'x-amz-meta-album': 'summer',
  'x-amz-storage-class': 'STANDARD_IA',
}

it.each([
  ['small', 1_000],
  ['long', 40_000],
])(
  'the object of a %s upload has the fields of the options, and every object is encrypted',
  async (_, length) => {
    const fake = fakeS3({ smallestPart: 8 * 1024 })
    const { store } = uploadsIn(fake, {
      ...SMALL,
      storageClass: 'STANDARD_IA',
      serverSideEncryption: 'aws:kms',
      kmsKeyId: 'key-1',
      object: ({ attributes }) => ({
        key: attributes['key'],
        contentType: 'image/png',
        cacheControl: 'max-age=60',
        contentDisposition: 'inline',
        metadata: { Album: 'summer' },
      }),
    })
    const attributes = { key: 'photos/a b/ü.png' }
    await store.create(newUpload('u1', { length: 50_000, attributes }))
    await store.append('u1', 0, chunks(bytesAt(0, 500)), { token: 1 })
    const pieces = [...fake.objects].filter(([key]) => key.includes('/tails/'))
    expect(pieces.map(([, { headers }]) => headers)).toEqual([ENCRYPTED])

    await store.create(newUpload('u2', { length, attributes }))
    await store.append('u2', 0, chunks(bytesAt(0, length)), { token: 1 })
    const { headers } = fake.objects.get('uploads/photos/a b/ü.png') ?? { headers: {} }
    expect(headers).toMatchObject({ ...ENCRYPTED, ...OBJECT })
    for (const [key, { headers: kept }] of fake.objects) {
      expect(kept, key).toMatchObject(ENCRYPTED)
      // Records and pieces change often: an archive would make that slow and dear.
      if (key.includes('/.tusker/')) expect(kept).not.toHaveProperty('x-amz-storage-class')
    }
  },
)

it.each([
  ['an empty key', { key: '' }],
  ['a key that begins like our own', { key: '.tusker/records/u1' }],
  ['a key with an empty name', { key: 'a//b' }],
  ['a field with a line break', { contentType: 'a\r\nx-amz-acl: public-read' }],
  ['a name of metadata with a colon', { metadata: { 'a:b': 'c' } }],
])('%s is refused before anything is written', async (_, settings) => {
  const fake = fakeS3()
  const { store } = uploadsIn(fake, { conditionalWrites: 'quoted', object: () => settings })
  await expect(store.create(newUpload('u1'))).rejects.toThrow(/^object: /)
  expect([...fake.objects.keys()]).toEqual([])
})
