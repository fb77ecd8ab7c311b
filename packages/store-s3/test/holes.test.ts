import { createUploadServer } from '@tusker/core'
import { expect, it } from 'vitest'
import { fakeS3 } from './support/fake-s3.ts'
import { uploadsIn } from './support/open-uploads.ts'
import { bytesAt, create, offsetOf, patch, upload } from './support/upload.ts'

const MIB = 2 ** 20

it.each([1, 2, 3, 4, 5, 6])(
  'part %s of six that is refused for good leaves no hole: the bytes behind it do not count',
  async (refused) => {
    const fake = fakeS3()
    const { store, locker } = uploadsIn(fake, { partSize: 5 * MIB, patience: 0 })
    const server = createUploadServer({ path: '/files', store, locker, downloads: true })
    const body = bytesAt(0, 30 * MIB)
    const path = await create(server, body.byteLength)
    const end = fake.onRequest(({ operation, partNumber }) =>
      operation === 'UploadPart' && partNumber === refused
        ? { kind: 'status', status: 500, code: 'InternalError' }
        : null,
    )
    expect((await patch(server, path, 0, body)).status).toBeGreaterThanOrEqual(500)
    end()
    const offset = await offsetOf(server, path)
    expect(offset).toBeLessThanOrEqual((refused - 1) * 5 * MIB)
    expect((await patch(server, path, offset, body.subarray(offset))).status).toBe(204)
    expect(Buffer.compare(await upload.get(server, path), body)).toBe(0)
  },
)

it('an object that is not what its record says is damaged, and no success', async () => {
  const fake = fakeS3()
  const { store, locker } = uploadsIn(fake, { partSize: 5 * MIB })
  const server = createUploadServer({ path: '/files', store, locker, downloads: true })
  const path = await create(server, 12 * MIB)
  fake.onRequest(({ operation, key }) =>
    operation === 'HeadObject'
      ? { kind: 'before', run: () => fake.objects.set(key, shortened(fake.objects.get(key)!)) }
      : null,
  )
  expect((await patch(server, path, 0, bytesAt(0, 12 * MIB))).status).toBe(410)
})

it('an upload whose parts another program removed is damaged, and no server error', async () => {
  const fake = fakeS3()
  const { store, locker } = uploadsIn(fake, { partSize: 5 * MIB })
  const server = createUploadServer({ path: '/files', store, locker })
  const path = await create(server, 30 * MIB)
  expect((await patch(server, path, 0, bytesAt(0, 12 * MIB))).status).toBe(204)
  fake.multiparts.clear()
  const offset = 12 * MIB
  expect((await patch(server, path, offset, bytesAt(offset, 18 * MIB))).status).toBe(410)
})

function shortened<Stored extends { readonly bytes: Uint8Array }>(object: Stored): Stored {
  return { ...object, bytes: object.bytes.subarray(1) }
}
