import { describe, it } from 'vitest'
import { describeCeph, freshPrefix } from './support/describe-ceph.ts'
import { fakeS3 } from './support/fake-s3.ts'
import { serveFake } from './support/serve-fake.ts'
import { surviveKills, surviveRace, surviveStop } from './support/survive.ts'

const MIB = 2 ** 20
const quirks = { smallestPart: 64 * 1024, needsAllParts: true }
const rounds = Number(process.env['TUSKER_ROUNDS'] ?? 1)

describe('over the fake storage', () => {
  const sizes = { partSize: 256 * 1024, smallestPart: 64 * 1024, length: 12 * MIB }

  it('an upload has all its bytes though its server is killed again and again', async () => {
    for (let round = 0; round < 2 * rounds; round += 1) {
      const { endpoint, close } = await serveFake(fakeS3(quirks))
      await surviveKills({ ...sizes, endpoint, prefix: 'uploads/', style: 'quoted' }).finally(close)
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

describeCeph('over Ceph', (endpoint) => {
  const sizes = { partSize: 5 * MIB, smallestPart: 5 * MIB, length: 48 * MIB }

  it('an upload has all its bytes though its server is killed again and again', async () => {
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
