import { expect, it } from 'vitest'
import { parseChecksum } from './checksum.ts'

it.each([
  ['sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=', 'sha1', 20],
  ['md5 1B2M2Y8AsgTpgAmY7PhCfg==', 'md5', 16],
  ['crc32c  AAAAAA==', 'crc32c', 4],
  [' sha256 AA== ', 'sha256', 1],
])('reads "%s"', (field, algorithm, length) => {
  const parsed = parseChecksum(field)
  expect(parsed?.algorithm).toBe(algorithm)
  expect(parsed?.digest.byteLength).toBe(length)
})

it.each(['', 'sha1', 'sha1 ', ' AA==', 'sha1 A*==', 'sha1 AA== AA==', 'sha1,AA==', 'SHÄ AA=='])(
  'refuses "%s"',
  (field) => {
    expect(parseChecksum(field)).toBeNull()
  },
)
