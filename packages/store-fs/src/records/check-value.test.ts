import { expect, it } from 'vitest'
import { checkValueOf, crc32InScript } from './check-value.ts'

it('a check value is the CRC-32 of the text, as eight hexadecimal digits', () => {
  // The check value of the CRC-32 definition itself.
  expect(checkValueOf('123456789')).toBe('cbf43926')
  expect(checkValueOf('')).toBe('00000000')
})

it('a check value computed in JavaScript equals that of zlib', () => {
  for (const text of ['', 'a', '123456789', '{"token":3,"offset":5}']) {
    expect(crc32InScript(text).toString(16).padStart(8, '0')).toBe(checkValueOf(text))
  }
})
