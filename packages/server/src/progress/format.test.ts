import { expect, it } from 'vitest'
import { amount, bytes, duration, percent } from './format.ts'

it.each([
  [0, '0 B'],
  [1_023, '1023 B'],
  [1_024, '1.0 KiB'],
  [1_536, '1.5 KiB'],
  [1_048_575, '1.0 MiB'],
  [5 * 2 ** 40, '5.0 TiB'],
  [2 ** 53 - 1, '8.0 PiB'],
])('%d bytes are %s', (count, expected) => {
  expect(bytes(count)).toBe(expected)
})

it.each([
  [0, '00:00'],
  [59_499, '00:59'],
  [59_500, '01:00'],
  [3_599_000, '59:59'],
  [3_723_000, '1:02:03'],
  [100_800_000, '1d 04h'],
])('%d ms are %s', (milliseconds, expected) => {
  expect(duration(milliseconds)).toBe(expected)
})

it.each<[number, number | null, string, string]>([
  [0, 0, '100%', '0 B of 0 B'],
  [999, 1_000, '99%', '999 B of 1000 B'],
  [5, 5, '100%', '5 B of 5 B'],
  [5, null, '?%', '5 B'],
])('%j of %j is %s, %s', (offset, length, share, text) => {
  expect([percent(offset, length), amount(offset, length)]).toEqual([share, text])
})
