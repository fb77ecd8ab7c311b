import { expect, it } from 'vitest'
import { formatAmount, formatBytes, formatDuration, formatPercent } from './format.ts'

it.each([
  [0, '0 B'],
  [1_023, '1023 B'],
  [1_024, '1.0 KiB'],
  [1_536, '1.5 KiB'],
  [1_048_575, '1.0 MiB'],
  [5 * 2 ** 40, '5.0 TiB'],
  [2 ** 53 - 1, '8.0 PiB'],
])('formatBytes formats %d bytes as %s', (count, expected) => {
  expect(formatBytes(count)).toBe(expected)
})

it.each([
  [0, '00:00'],
  [59_499, '00:59'],
  [59_500, '01:00'],
  [3_599_000, '59:59'],
  [3_723_000, '1:02:03'],
  [100_800_000, '1d 04h'],
])('formatDuration formats %d ms as %s', (milliseconds, expected) => {
  expect(formatDuration(milliseconds)).toBe(expected)
})

it.each<[number, number | null, string, string]>([
  [0, 0, '100%', '0 B of 0 B'],
  [999, 1_000, '99%', '999 B of 1000 B'],
  [5, 5, '100%', '5 B of 5 B'],
  [5, null, '?%', '5 B'],
])('formatPercent and formatAmount format %j of %j as %s and %s', (offset, length, share, text) => {
  expect([formatPercent(offset, length), formatAmount(offset, length)]).toEqual([share, text])
})
