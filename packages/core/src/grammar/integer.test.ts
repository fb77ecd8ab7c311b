import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseInteger } from './integer.ts'

it.each([
  ['0', 0],
  ['5', 5],
  ['10', 10],
  ['9007199254740991', Number.MAX_SAFE_INTEGER],
])('parseInteger reads %s', (text, value) => {
  expect(parseInteger(text)).toBe(value)
})

it.each([
  '',
  '-1',
  '+1',
  '1.0',
  '1e3',
  '0x10',
  ' 1',
  '1 ',
  '007',
  '9007199254740992',
  '99999999999999999999',
  '5, 5',
  '٣',
  'Infinity',
])('parseInteger refuses "%s"', (text) => {
  expect(parseInteger(text)).toBeNull()
})

it('parseInteger reads every safe integer', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (value) => {
      expect(parseInteger(String(value))).toBe(value)
    }),
  )
})
