import { createUploadServer } from '@tusker/core'
import { expect, it } from 'vitest'
import { fakeS3 } from './support/fake-s3.ts'
import { SMALL, uploadsIn } from './support/open-uploads.ts'
import { bytesAt, create, offsetOf, patch, upload } from './support/upload.ts'

it('more slow uploads than fit into memory at once all count within seconds, and all end', async () => {
  const { store, locker } = uploadsIn(fakeS3({ smallestPart: 8 * 1024 }), {
    ...SMALL,
    commitEvery: 100,
    conditionalWrites: 'quoted',
  })
  const server = createUploadServer({ path: '/files', store, locker, downloads: true })
  let resume = (): void => {}
  const resumed = new Promise<void>((resolve) => (resume = resolve))
  async function* slow(body: Buffer): AsyncGenerator<Uint8Array> {
    yield body.subarray(0, 10)
    await resumed
    yield body.subarray(10)
  }
  // The memory has 32 slabs, and a slow upload takes one.
  const bodies = Array.from({ length: 80 }, (_, index) => bytesAt(index, 40_000))
  const paths = await Promise.all(bodies.map(({ length }) => create(server, length)))
  const sending = paths.map((path, index) => patch(server, path, 0, slow(bodies[index]!)))
  for (const path of paths) await expect.poll(() => offsetOf(server, path)).toBe(10)
  resume()
  for (const sent of sending) expect((await sent).status).toBe(204)
  for (const [index, path] of paths.entries()) {
    expect(Buffer.compare(await upload.get(server, path), bodies[index]!)).toBe(0)
  }
})
