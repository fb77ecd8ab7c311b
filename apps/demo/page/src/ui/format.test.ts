import { describe, expect, it } from 'vitest'
import { bytes, count, percent, timeLeft, when } from './format.ts'

it.each([
  [0, '0 B'],
  [1, '1 B'],
  [999, '999 B'],
  [1_000, '1 kB'],
  [1_049, '1 kB'],
  [1_050, '1.1 kB'],
  [99_949, '99.9 kB'],
  [99_960, '100 kB'],
  [999_499, '999 kB'],
  [999_500, '1 MB'],
  [30_000_000, '30 MB'],
  [5e15, '5000 TB'],
])('writes %d bytes as %s', (number, text) => {
  expect(bytes(number)).toBe(text)
})

it.each([
  [0, 'a few seconds'],
  [4.9, 'a few seconds'],
  [5.2, '6 s'],
  [60, '1 min'],
  [61, '2 min'],
  [3_600, '1 h'],
  [3_660, '1 h 1 min'],
  [49 * 3_600, '3 days'],
])('rounds %d seconds that are left up to %s', (seconds, text) => {
  expect(timeLeft(seconds)).toBe(text)
})

describe('a percentage', () => {
  it.each([
    [0, 10, 0],
    [1, 3, 33],
    [290, 1_000, 29],
    [999, 1_000, 99],
    [10, 10, 100],
    [11, 10, 100],
    [0, 0, 100],
  ])('of %d in %d is %d', (part, whole, value) => {
    expect(percent(part, whole)).toBe(value)
  })
})

it('writes a time of today as the hour, and one of another year with the year', () => {
  const now = new Date(2026, 10, 24, 15, 0)
  expect(when(new Date(2026, 10, 24, 9, 5).toISOString(), now)).not.toMatch(/24|2026/)
  expect(when(new Date(2026, 0, 2, 9, 5).toISOString(), now)).not.toMatch(/2026/)
  expect(when(new Date(2024, 0, 2, 9, 5).toISOString(), now)).toMatch(/2024/)
  expect(when('no time', now)).toBe('')
})

it('writes a number with the singular or the plural', () => {
  expect([0, 1, 2].map((number) => count(number, 'file'))).toEqual(['0 files', '1 file', '2 files'])
})
