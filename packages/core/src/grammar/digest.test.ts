import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeBase64 } from './base64.ts'
import { formatReprDigest, parseDigest } from './digest.ts'

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

describe('formatReprDigest', () => {
  it.each([
    ['sha256', 'sha-256=:AAAA:'],
    ['sha512', 'sha-512=:AAAA:'],
    ['sha1', 'sha=:AAAA:'],
    ['md5', 'md5=:AAAA:'],
    ['crc32c', 'crc32c=:AAAA:'],
  ])('formatReprDigest writes %s under its registered name', (algorithm, field) => {
    expect(formatReprDigest(algorithm, 'AAAA')).toBe(field)
  })

  it.each(['crc32', '', '__proto__', 'constructor', 'SHA256'])(
    'formatReprDigest returns null for "%s"',
    (algorithm) => {
      expect(formatReprDigest(algorithm, 'AAAA')).toBeNull()
    },
  )
})

describe('parseDigest', () => {
  it('parseDigest reads hexadecimal in upper and lower case, and base64', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 64 }), (bytes) => {
        const expected = Uint8Array.from(bytes)
        expect(parseDigest(hex(bytes), bytes.length)).toEqual(expected)
        expect(parseDigest(hex(bytes).toUpperCase(), bytes.length)).toEqual(expected)
        expect(parseDigest(encodeBase64(bytes), bytes.length)).toEqual(expected)
      }),
    )
  })

  it.each([
    ['', 4],
    ['00', 4],
    ['0000000g', 4],
    ['AAAAAA==', 5],
    ['not a digest', 4],
  ])('parseDigest refuses "%s" for %i bytes', (text, length) => {
    expect(parseDigest(text, length)).toBeNull()
  })
})
