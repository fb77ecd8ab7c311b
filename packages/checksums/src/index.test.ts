import { expect, it } from 'vitest'
import { checksums } from './index.ts'

async function digest(algorithm: string, ...chunks: string[]): Promise<string> {
  const checksum = await checksums().start(algorithm)
  for (const chunk of chunks) checksum.update(new TextEncoder().encode(chunk))
  return Buffer.from(checksum.digest()).toString('hex')
}

// The check values of the CRC catalogue, and the output of `printf 123456789 | sha1sum` and similar tools.
it.each([
  ['crc32', 'cbf43926'],
  ['crc32c', 'e3069283'],
  ['md5', '25f9e794323b453885f5181f1b624d0b'],
  ['sha1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
  ['sha256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
])(
  'checksums() computes %s of 123456789 as %s, in one chunk and in two',
  async (algorithm, expected) => {
    expect(await digest(algorithm, '123456789')).toBe(expected)
    expect(await digest(algorithm, '1234', '56789')).toBe(expected)
  },
)

it('checksums() keeps two digests apart that run at the same time', async () => {
  const [a, b] = await Promise.all([checksums().start('crc32c'), checksums().start('crc32c')])
  a.update(Buffer.from('1234'))
  b.update(Buffer.from('something else'))
  a.update(Buffer.from('56789'))
  expect(Buffer.from(a.digest()).toString('hex')).toBe('e3069283')
})

it('checksums() computes a digest for every algorithm that it names', async () => {
  for (const algorithm of checksums().algorithms) {
    expect(await digest(algorithm, 'x')).toMatch(/^[0-9a-f]{8,128}$/)
  }
})
