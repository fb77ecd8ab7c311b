import { createUploadServer } from '@tusker/core'
import type { UploadServer, VersionedTexts } from '@tusker/core'
import { expect, it } from 'vitest'
import { s3Uploads } from '../src/index.ts'
import type { FakeS3, Quirks } from './support/fake-s3.ts'
import { fakeS3 } from './support/fake-s3.ts'
import { memoryTexts } from './support/memory-texts.ts'
import { AT_FAKE } from './support/open-uploads.ts'
import { bytesAt, chunks, create, offsetOf, patch, upload } from './support/upload.ts'

const PART = 16 * 1024
const LENGTH = 5 * PART + 77
const SMALL = 3_000
const LEASE = 500
/** Enough for a holder on a busy machine to reach its second part. */
const SAFE_LEASE = 2_000

/** A storage, and where the records are. */
interface Provider extends Quirks {
  readonly hasRecordsElsewhere?: true
}

const providers: Readonly<Record<string, Provider>> = {
  'that completes a selection of parts': { smallestPart: PART / 2 },
  'that wants all parts named, as Ceph does': {
    smallestPart: PART / 2,
    needsAllParts: true,
    conditions: 'unquoted',
  },
  'that ignores conditions, with records elsewhere': {
    smallestPart: PART / 2,
    conditions: 'ignored',
    hasRecordsElsewhere: true,
  },
}

/** A storage, and the records if they are elsewhere. */
interface Place extends Pick<FakeS3, 'fetch' | 'seen'> {
  readonly conditionalWrites: 'quoted' | 'unquoted' | 'none'
  readonly texts: VersionedTexts | undefined
}

function placeOf({ hasRecordsElsewhere, conditions = 'quoted', ...quirks }: Provider): Place {
  const { fetch, seen } = fakeS3({ conditions, ...quirks })
  const style = conditions === 'unquoted' || conditions === 'quoted' ? conditions : 'none'
  const texts = hasRecordsElsewhere ? memoryTexts() : undefined
  return { fetch, seen, conditionalWrites: style, texts }
}

/** A process whose requests can be held back, as those of one that is stopped. */
interface Process {
  readonly server: UploadServer
  readonly count: () => number
  /** True once a request is held back. */
  readonly isFrozen: () => boolean
  thaw(): void
}

/**
 * @param isStopped tells of the count and the URL of a request whether it and all later ones are held back
 * @param leaseTtl milliseconds; a holder that is slower than this loses its lease before it is stopped
 */
function processOn(
  place: Place,
  isStopped: (count: number, url: URL) => boolean = () => false,
  leaseTtl = LEASE,
): Process {
  let count = 0
  let thaw = (): void => {}
  const thawed = new Promise<void>((resolve) => (thaw = resolve))
  let frozen = false
  async function pass(url: URL): Promise<void> {
    frozen ||= isStopped(count++, url)
    if (frozen) await thawed
  }
  const held: typeof fetch = async (input, init) => {
    await pass(new URL(input instanceof Request ? input.url : input))
    return place.fetch(input, init)
  }
  const { texts } = place
  const records = texts && { texts: afterPass(texts, () => pass(new URL('texts:'))) }
  const { store, locker } = s3Uploads({
    ...AT_FAKE,
    partSize: PART,
    smallestPart: PART / 2,
    leaseTtl,
    commitEvery: 50,
    conditionalWrites: place.conditionalWrites,
    records,
    fetch: held,
  })
  const server = createUploadServer({ path: '/files', store, locker, downloads: true })
  return { server, count: () => count, isFrozen: () => frozen, thaw }
}

function afterPass(texts: VersionedTexts, pass: () => Promise<void>): VersionedTexts {
  return {
    read: (id) => pass().then(() => texts.read(id)),
    write: (id, text, version) => pass().then(() => texts.write(id, text, version)),
    remove: (id) => pass().then(() => texts.remove(id)),
    list: () => texts.list(),
  }
}

/** The body of a process: its bytes differ from those of the other. */
function bodyOf(mark: number, start: number, length = LENGTH): Buffer {
  return bytesAt(start, length - start).map((byte) => byte ^ mark) as Buffer
}

const FIRST = 0
const SECOND = 0x55

it.each(Object.entries(providers))(
  'a holder that is stopped at any request changes nothing after another one took over, on a storage %s',
  { timeout: 120_000 },
  (_, provider) => takeOverAtEach(provider, LENGTH, 8),
)

it.each(Object.entries(providers))(
  'a holder of a small upload that is stopped at any request changes nothing later, on a storage %s',
  (_, provider) => takeOverAtEach(provider, SMALL, 3),
)

async function takeOverAtEach(provider: Provider, length: number, least: number): Promise<void> {
  const free = processOn(placeOf(provider))
  const path = await create(free.server, length)
  const before = free.count()
  await patch(free.server, path, 0, bodyOf(FIRST, 0, length))
  const points = Array.from({ length: free.count() - before }, (_item, index) => before + index)
  expect(points.length).toBeGreaterThan(least)
  await Promise.all(points.map((point) => takeOverAt(point, placeOf(provider), length)))
}

async function takeOverAt(point: number, place: Place, length: number): Promise<void> {
  const stopped = processOn(place, (count) => count >= point)
  const other = processOn(place)
  const path = await create(stopped.server, length)
  const late = patch(stopped.server, path, 0, bodyOf(FIRST, 0, length))
  let isOver = false
  late.finally(() => (isOver = true)).catch(() => {})
  // A slow machine sends another number of requests: it commits at other moments, or loses its lease.
  await expect.poll(() => stopped.count() > point || isOver).toBe(true)

  const offset = await offsetOf(other.server, path)
  let reached = offset
  for (let tries = 0; reached < length && tries < 20; tries += 1) {
    await patch(other.server, path, reached, bodyOf(SECOND, reached, length))
    reached = await offsetOf(other.server, path)
  }
  expect(reached, `stopped at request ${point}`).toBe(length)
  stopped.thaw()
  await late
  const expected = Buffer.concat([
    bodyOf(FIRST, 0, length).subarray(0, offset),
    bodyOf(SECOND, offset, length),
  ])
  const found = await upload.get(other.server, path)
  expect(Buffer.compare(found, expected), `stopped at request ${point}`).toBe(0)
}

it.each(Object.entries(providers))(
  'a part of a stale holder that arrives before Complete is not in the object, on a storage %s',
  async (_, provider) => {
    const place = placeOf(provider)
    const isSecond = (_count: number, url: URL) => url.searchParams.get('partNumber') === '2'
    const stopped = processOn(place, isSecond, SAFE_LEASE)
    const other = processOn(place)
    const path = await create(stopped.server, LENGTH)
    const isFirstCommitted = () =>
      expect.poll(() => offsetOf(other.server, path)).toBeGreaterThanOrEqual(PART)
    const late = patch(stopped.server, path, 0, pausing(bodyOf(FIRST, 0), isFirstCommitted))
    // Otherwise the first process could yield, and the second would use the number 2 itself.
    await expect.poll(() => stopped.isFrozen()).toBe(true)
    const offset = await offsetOf(other.server, path)
    const half = bodyOf(SECOND, offset).subarray(0, 2 * PART)
    await expect
      .poll(async () => (await patch(other.server, path, offset, half)).status, { timeout: 20_000 })
      .toBe(204)
    stopped.thaw()
    expect((await late).status).toBeGreaterThan(400)
    await expect.poll(() => place.seen.some(({ partNumber }) => partNumber === 2)).toBe(true)
    const rest = bodyOf(SECOND, offset + 2 * PART)
    expect((await patch(other.server, path, offset + 2 * PART, rest)).status).toBe(204)
    const expected = Buffer.concat([bodyOf(FIRST, 0).subarray(0, offset), bodyOf(SECOND, offset)])
    expect(Buffer.compare(await upload.get(other.server, path), expected)).toBe(0)
    const asked = place.seen.some(({ operation }) => operation === 'ListParts')
    expect(asked).toBe(provider.needsAllParts === true)
  },
)

/** A body whose first part is committed before more comes. */
async function* pausing(
  bytes: Uint8Array,
  isFirstCommitted: () => Promise<void>,
): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, PART)
  await isFirstCommitted()
  yield* chunks(bytes.subarray(PART))
}
