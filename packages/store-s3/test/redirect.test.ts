import type { Duration } from '@tusker/core'
import { createUploadServer } from '@tusker/core'
import { expect, it } from 'vitest'
import { fakeS3 } from './support/fake-s3.ts'
import { uploadsIn } from './support/open-uploads.ts'
import { bytesAt, request, upload } from './support/upload.ts'

const BODY = bytesAt(0, 1_000)

async function serverWithUpload(redirectFor: Duration | undefined) {
  const { store, locker } = uploadsIn(fakeS3(), { redirectFor, conditionalWrites: 'quoted' })
  const server = createUploadServer({ path: '/files', store, locker, downloads: true })
  return { server, path: await upload(server, BODY) }
}

it('a download is answered by a redirect to the bucket, with safe header fields, where that is wanted', async () => {
  const { server, path } = await serverWithUpload('5m')
  const { status, headers, body } = await request(server, 'GET', path)
  expect(status).toBe(307)
  expect(body ?? '').toBe('')
  expect(headers['cache-control']).toBe('no-store')
  const url = new URL(String(headers['location']))
  expect(url.pathname).toBe(`/bucket/uploads/${path.split('/').at(-1)}`)
  expect(url.searchParams.get('X-Amz-Expires')).toBe('300')
  expect(url.searchParams.get('response-content-type')).toBe('application/octet-stream')
  expect(url.searchParams.get('response-content-disposition')).toMatch(/^attachment/)
  expect(url.searchParams.get('X-Amz-Signature')).toMatch(/^[0-9a-f]{64}$/)
})

it('a client that has the bytes already gets 304 and no redirect', async () => {
  const { server, path } = await serverWithUpload('5m')
  const id = path.split('/').at(-1)
  const { status } = await request(server, 'GET', path, { 'if-none-match': `"${id}"` })
  expect(status).toBe(304)
})

it('a download is answered with the bytes where no redirect is wanted', async () => {
  const { server, path } = await serverWithUpload(undefined)
  expect(Buffer.compare(await upload.get(server, path), BODY)).toBe(0)
})

it.each<[string, Duration, string]>([
  ['1500', 1_500, '1'],
  ['2h', '2h', '7200'],
  ['7d', '7d', '604800'],
])(
  'a URL for a download is valid for whole seconds of a time in milliseconds or text: %s',
  async (_title, validFor, seconds) => {
    const { store } = uploadsIn(fakeS3(), { conditionalWrites: 'quoted' })
    const server = createUploadServer({ path: '/files', store })
    const path = await upload(server, BODY)
    const url = await store.presign(path.split('/').at(-1) ?? '', validFor)
    expect(new URL(url).searchParams.get('X-Amz-Expires')).toBe(seconds)
  },
)

it.each<[string, Duration]>([
  ['300', 300],
  ['8d', '8d'],
  ['60', '60'],
  ['soon', 'soon'],
])(
  'a time that no URL of S3 can be valid for is refused at the start: %s',
  (_title, redirectFor) => {
    const options = { redirectFor, conditionalWrites: 'quoted' } as const
    expect(() => uploadsIn(fakeS3(), options)).toThrow(
      /^redirectFor: milliseconds from 1000 to 604800000/,
    )
  },
)
