import { describe, it } from 'vitest'
import { random, rounds } from '../../testing/test/support/test-rounds.ts'
import { describeCeph, freshPrefix } from './support/describe-ceph.ts'
import type { FakeS3 } from './support/fake-s3.ts'
import { fakeS3 } from './support/fake-s3.ts'
import { serveFake } from './support/serve-fake.ts'
import { surviveKills, surviveRace, surviveStop } from './support/survive.ts'

const MIB = 2 ** 20
const quirks = { smallestPart: 64 * 1024, needsAllParts: true }

describe('over the fake storage', () => {
  // Each part is a request, and each server a process: most of the time goes into these.
  const sizes = { partSize: 256 * 1024, smallestPart: 64 * 1024, length: 4 * MIB }

  it('an upload has all its bytes though its server is killed again and again', {
    timeout: 60_000 * rounds,
  }, async () => {
    for (let round = 0; round < rounds; round += 1) {
      const fake = fakeS3(quirks)
      const { endpoint, close } = await serveFake(fake)
      const setting = { ...sizes, endpoint, prefix: 'uploads/', style: 'quoted' } as const
      const untilKill = () => someParts(fake, 1 + Math.floor(random() * 6))
      await surviveKills({ ...setting, untilKill }).finally(close)
    }
  })

  it('a server that is stopped and continued changes nothing that another one acknowledged', async () => {
    const { endpoint, close } = await serveFake(fakeS3(quirks))
    await surviveStop({ ...sizes, endpoint, prefix: 'uploads/', style: 'quoted' }).finally(close)
  })

  it('an upload that two servers receive at the same time has its bytes once', async () => {
    const { endpoint, close } = await serveFake(fakeS3(quirks))
    await surviveRace({ ...sizes, endpoint, prefix: 'uploads/', style: 'quoted' }).finally(close)
  })
})

/** Resolves when so many more parts have begun to arrive. */
function someParts(fake: FakeS3, count: number): Promise<void> {
  return new Promise((resolve) => {
    let left = count
    const end = fake.onRequest(({ operation }) => {
      if (operation === 'UploadPart') left -= 1
      if (left === 0) {
        end()
        resolve()
      }
      return null
    })
  })
}

describeCeph('over Ceph', (endpoint) => {
  const sizes = { partSize: 5 * MIB, smallestPart: 5 * MIB, length: 48 * MIB }

  it('an upload has all its bytes though its server is killed again and again', {
    timeout: 60_000 * rounds,
  }, async () => {
    for (let round = 0; round < rounds; round += 1) {
      await surviveKills({ ...sizes, endpoint, prefix: freshPrefix(), style: 'unquoted' })
    }
  })

  it('a server that is stopped and continued changes nothing that another one acknowledged', async () => {
    await surviveStop({ ...sizes, endpoint, prefix: freshPrefix(), style: 'unquoted' })
  })

  it('an upload that two servers receive at the same time has its bytes once', async () => {
    await surviveRace({ ...sizes, endpoint, prefix: freshPrefix(), style: 'unquoted' })
  })
})
