import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeBase64, encodeBase64 } from './base64.ts'

it.each([
  ['', []],
  ['AA==', [0]],
  ['AA', [0]],
  ['/+8=', [255, 239]],
  ['d29ybGQ', [...new TextEncoder().encode('world')]],
])('decodeBase64 reads "%s"', (text, bytes) => {
  expect(decodeBase64(text)).toEqual(Uint8Array.from(bytes))
})

it.each(['A', 'AAAAA', 'A===', 'AAA==', 'AAAA=', '=', 'AA=A', 'AA ==', '-_8=', 'é'])(
  'decodeBase64 refuses "%s"',
  (text) => {
    expect(decodeBase64(text)).toBeNull()
  },
)

it('decodeBase64 reads any bytes that encodeBase64 wrote', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(decodeBase64(encodeBase64(bytes))).toEqual(Uint8Array.from(bytes))
    }),
  )
})
