import fc from 'fast-check'
import { expect, it } from 'vitest'
import { encodeBase64 } from './base64.ts'
import { parseChecksum } from './checksum.ts'

it.each([
  ['sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=', 'sha1', 20],
  ['md5 1B2M2Y8AsgTpgAmY7PhCfg==', 'md5', 16],
  ['crc32c  AAAAAA==', 'crc32c', 4],
  [' sha256 AA== ', 'sha256', 1],
])('parseChecksum reads "%s"', (field, algorithm, length) => {
  const parsed = parseChecksum(field)
  expect(parsed?.algorithm).toBe(algorithm)
  expect(parsed?.digest.byteLength).toBe(length)
})

it.each(['', 'sha1', 'sha1 ', ' AA==', 'sha1 A*==', 'sha1 AA== AA==', 'sha1,AA==', 'SHÄ AA=='])(
  'parseChecksum refuses "%s"',
  (field) => {
    expect(parseChecksum(field)).toBeNull()
  },
)

it('parseChecksum reads any algorithm with any digest', () => {
  const algorithm = fc.stringMatching(/^[a-z0-9][a-z0-9_./-]{0,20}$/)
  fc.assert(
    fc.property(algorithm, fc.uint8Array({ minLength: 1, maxLength: 64 }), (name, digest) => {
      const parsed = parseChecksum(`${name} ${encodeBase64(digest)}`)
      expect(parsed).toEqual({ algorithm: name, digest: Uint8Array.from(digest) })
    }),
  )
})

it('parseChecksum never throws', () => {
  fc.assert(fc.property(fc.string(), (field) => void parseChecksum(field)))
})
