import { describe, expect, it } from 'vitest'
import { parseDuration, parseSize } from './quantity.ts'

describe('parseSize', () => {
  it.each([
    [0, 0],
    [512, 512],
    ['512', 512],
    ['10GiB', 10 * 2 ** 30],
    ['10 gib', 10 * 2 ** 30],
    ['500MB', 500_000_000],
    ['1.5kB', 1_500],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ])('parseSize reads %j', (value, bytes) => {
    expect(parseSize(value)).toBe(bytes)
  })

  it.each([
    '',
    'GiB',
    '-1',
    '1e3',
    '10 GiB x',
    '10Gi',
    '9PiB',
    -1,
    1.5,
    Number.NaN,
    2 ** 53,
    null,
    {},
  ])('parseSize refuses %j', (value) => {
    expect(parseSize(value)).toBeNull()
  })
})

describe('parseDuration', () => {
  it.each([
    [0, 0],
    [1_500, 1_500],
    ['250ms', 250],
    ['90s', 90_000],
    ['15m', 900_000],
    ['1.5h', 5_400_000],
    ['7d', 604_800_000],
    ['2w', 1_209_600_000],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ])('parseDuration reads %j', (value, milliseconds) => {
    expect(parseDuration(value)).toBe(milliseconds)
  })

  it.each(['', '5', 'd', '-1d', '1y', '1 d d', -1, Number.NaN, null, new Date(0)])(
    'parseDuration refuses %j',
    (value) => {
      expect(parseDuration(value)).toBeNull()
    },
  )
})
