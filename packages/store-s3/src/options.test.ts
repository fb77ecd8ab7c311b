import { expect, it } from 'vitest'
import { s3Uploads } from './index.ts'

const account = {
  bucket: 'uploads',
  credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
}

it('s3Uploads takes sizes and times as text', () => {
  const { store } = s3Uploads({
    ...account,
    maxLength: '1GiB',
    partSize: '16MiB',
    smallestPart: '5MiB',
    memory: '128MiB',
    commitEvery: '2s',
    leaseTtl: '30s',
    lookEvery: '500ms',
    patience: '1m',
  })
  expect(store.maxLength).toBe(2 ** 30)
})

it.each([
  ['maxLength', 'much'],
  ['memory', '1KiB'],
  ['leaseTtl', '1ms'],
  ['leaseTtl', '8MiB'],
  ['maxParts', '200'],
])('s3Uploads refuses %s with the value %s', (name, value) => {
  expect(() => s3Uploads({ ...account, [name]: value })).toThrow(`${name}: a whole number`)
})
