import { describe, expect, it } from 'vitest'
import { bytes, count, percent, timeLeft, when } from './format.ts'

it.each([
  [0, '0 B'],
  [1, '1 B'],
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [1_049, '1.0 kB'],
  [99_949, '99.9 kB'],
  [99_960, '100 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [30_000_000, '30.0 MB'],
  [5e15, '5000 TB'],
])('calls %d bytes %s', (number, text) => {
  expect(bytes(number)).toBe(text)
})

it.each([
  [0, 'a moment'],
  [0.4, 'a moment'],
  [1.2, '2 s'],
  [60, '1 min'],
  [61, '2 min'],
  [3_600, '1 h'],
  [3_660, '1 h 1 min'],
  [49 * 3_600, '3 days'],
])('does not promise too much: %d s are %s', (seconds, text) => {
  expect(timeLeft(seconds)).toBe(text)
})

describe('a percentage', () => {
  it.each([
    [0, 10, 0],
    [1, 3, 33],
    [999, 1_000, 99],
    [10, 10, 100],
    [11, 10, 100],
    [0, 0, 100],
  ])('of %d in %d is %d', (part, whole, value) => {
    expect(percent(part, whole)).toBe(value)
  })
})

it('tells a time of today by the hour, and an old one by its year', () => {
  const now = new Date(2026, 10, 24, 15, 0)
  expect(when(new Date(2026, 10, 24, 9, 5).toISOString(), now)).not.toMatch(/24|2026/)
  expect(when(new Date(2026, 0, 2, 9, 5).toISOString(), now)).not.toMatch(/2026/)
  expect(when(new Date(2024, 0, 2, 9, 5).toISOString(), now)).toMatch(/2024/)
  expect(when('no time', now)).toBe('')
})

it('counts', () => {
  expect([0, 1, 2].map((number) => count(number, 'file'))).toEqual(['0 files', '1 file', '2 files'])
})
