import { createUploadServer } from '@tusker/core'
import type { UploadServer } from '@tusker/core'
import { expect, it } from 'vitest'
import type { FakeS3, Quirks } from './support/fake-s3.ts'
import { fakeS3 } from './support/fake-s3.ts'
import { uploadsIn } from './support/open-uploads.ts'
import { bytesAt, chunks, create, offsetOf, patch, upload } from './support/upload.ts'

const PART = 16 * 1024
const LENGTH = 5 * PART + 77
const LEASE = 500

const providers: Readonly<Record<string, Quirks>> = {
  'that completes a selection of parts': { smallestPart: PART / 2 },
  'that wants all parts named, as Ceph does': {
    smallestPart: PART / 2,
    needsAllParts: true,
    conditions: 'unquoted',
  },
}

/** A process whose requests can be held back, as those of one that is stopped. */
interface Process {
  readonly server: UploadServer
  readonly count: () => number
  thaw(): void
}

/** @param isFrozen tells of the count and the URL of a request whether it and all later ones are held back */
function processOn(
  fake: FakeS3,
  quirks: Quirks,
  isFrozen: (count: number, url: URL) => boolean = () => false,
): Process {
  let count = 0
  let thaw = (): void => {}
  const thawed = new Promise<void>((resolve) => (thaw = resolve))
  let frozen = false
  const held: typeof fetch = async (input, init) => {
    frozen ||= isFrozen(count++, new URL(input instanceof Request ? input.url : input))
    if (frozen) await thawed
    return fake.fetch(input, init)
  }
  const { store, locker } = uploadsIn(fake, {
    partSize: PART,
    smallestPart: PART / 2,
    leaseTtl: LEASE,
    commitEvery: 50,
    conditionalWrites: quirks.conditions === 'unquoted' ? 'unquoted' : 'quoted',
    fetch: held,
  })
  const server = createUploadServer({ path: '/files', store, locker, downloads: true })
  return { server, count: () => count, thaw }
}

/** The body of a process: its bytes differ from those of the other. */
function bodyOf(mark: number, start: number): Buffer {
  return bytesAt(start, LENGTH - start).map((byte) => byte ^ mark) as Buffer
}

const FIRST = 0
const SECOND = 0x55

it.each(Object.entries(providers))(
  'a holder that is stopped at any request changes nothing after another one took over, on a storage %s',
  { timeout: 120_000 },
  async (_, quirks) => {
    const free = processOn(fakeS3(quirks), quirks)
    const path = await create(free.server, LENGTH)
    const before = free.count()
    await patch(free.server, path, 0, bodyOf(FIRST, 0))
    const points = Array.from({ length: free.count() - before }, (_item, index) => before + index)
    expect(points.length).toBeGreaterThan(8)
    await Promise.all(points.map((point) => takeOverAt(point, quirks)))
  },
)

async function takeOverAt(point: number, quirks: Quirks): Promise<void> {
  const fake = fakeS3(quirks)
  const stopped = processOn(fake, quirks, (count) => count >= point)
  const other = processOn(fake, quirks)
  const path = await create(stopped.server, LENGTH)
  const late = patch(stopped.server, path, 0, bodyOf(FIRST, 0))
  await expect.poll(() => stopped.count()).toBeGreaterThan(point)

  const offset = await offsetOf(other.server, path)
  let reached = offset
  for (let tries = 0; reached < LENGTH && tries < 20; tries += 1) {
    await patch(other.server, path, reached, bodyOf(SECOND, reached))
    reached = await offsetOf(other.server, path)
  }
  expect(reached, `stopped at request ${point}`).toBe(LENGTH)
  stopped.thaw()
  await late
  const expected = Buffer.concat([bodyOf(FIRST, 0).subarray(0, offset), bodyOf(SECOND, offset)])
  const found = await upload.get(other.server, path)
  expect(Buffer.compare(found, expected), `stopped at request ${point}`).toBe(0)
}

it.each(Object.entries(providers))(
  'a part of a stale holder that arrives before Complete is not in the object, on a storage %s',
  async (_, quirks) => {
    const fake = fakeS3(quirks)
    const stopped = processOn(
      fake,
      quirks,
      (_count, url) => url.searchParams.get('partNumber') === '2',
    )
    const other = processOn(fake, quirks)
    const path = await create(stopped.server, LENGTH)
    const late = patch(stopped.server, path, 0, pausing(bodyOf(FIRST, 0)))
    await expect.poll(() => offsetOf(other.server, path)).toBeGreaterThanOrEqual(PART)
    const offset = await offsetOf(other.server, path)
    const half = bodyOf(SECOND, offset).subarray(0, 2 * PART)
    await expect
      .poll(async () => (await patch(other.server, path, offset, half)).status, { timeout: 20_000 })
      .toBe(204)
    stopped.thaw()
    expect((await late).status).toBeGreaterThan(400)
    const rest = bodyOf(SECOND, offset + 2 * PART)
    expect((await patch(other.server, path, offset + 2 * PART, rest)).status).toBe(204)
    const expected = Buffer.concat([bodyOf(FIRST, 0).subarray(0, offset), bodyOf(SECOND, offset)])
    expect(Buffer.compare(await upload.get(other.server, path), expected)).toBe(0)
    const asked = fake.seen.some(({ operation }) => operation === 'ListParts')
    expect(asked).toBe(quirks.needsAllParts === true)
  },
)

/** A body whose first part is committed before more comes. */
async function* pausing(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, PART)
  await new Promise((resolve) => setTimeout(resolve, 200))
  yield* chunks(bytes.subarray(PART))
}
