import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRange } from './range.ts'

describe('parseRange for ten bytes', () => {
  it.each([
    ['bytes=0-0', 0, 1],
    ['bytes=0-9', 0, 10],
    ['bytes=2-4', 2, 5],
    ['bytes=9-9', 9, 10],
    ['bytes=3-', 3, 10],
    ['bytes=0-', 0, 10],
    ['bytes=-1', 9, 10],
    ['bytes=-10', 0, 10],
    ['bytes=-11', 0, 10],
    ['bytes=5-10', 5, 10],
    ['bytes=0-99999999999999999999999999', 0, 10],
    ['bytes=-99999999999999999999999999', 0, 10],
    ['bytes=007-008', 7, 9],
    ['BYTES=2-4', 2, 5],
    ['bytes= 2-4 ', 2, 5],
    [' bytes=2-4', 2, 5],
    ['bytes=,2-4,', 2, 5],
    ['bytes=, ,\t2-4', 2, 5],
  ])('parseRange for ten bytes reads "%s"', (field, start, end) => {
    expect(parseRange(field, 10)).toEqual({ start, end })
  })

  it.each([
    'bytes=10-',
    'bytes=10-10',
    'bytes=11-20',
    'bytes=-0',
    'bytes=99999999999999999999999999-',
    'bytes=99999999999999999999999999-99999999999999999999999999',
    `bytes=${'9'.repeat(400)}-`,
  ])('parseRange for ten bytes cannot satisfy "%s"', (field) => {
    expect(parseRange(field, 10)).toBe('unsatisfiable')
  })

  it.each([
    '',
    'bytes',
    'bytes=',
    'bytes=,',
    'bytes=-',
    'bytes=--1',
    'bytes=a-b',
    'bytes=1-b',
    'bytes=+1-2',
    'bytes=1.0-2',
    'bytes=0x1-2',
    'bytes=1',
    'bytes=1--2',
    'bytes=-1-2',
    'bytes=4-2',
    'bytes=1 - 2',
    'bytes =1-2',
    'bytes 1-2',
    'bytes=0-1,4-5',
    'bytes=0-1, bytes=4-5',
    'bytes=0-1,x',
    'items=0-1',
    'bytes=٣-٤',
  ])('parseRange for ten bytes ignores "%s"', (field) => {
    expect(parseRange(field, 10)).toBeNull()
  })
})

it.each(['bytes=0-', 'bytes=0-0', 'bytes=-1', 'bytes=-0'])(
  'parseRange for an empty resource cannot satisfy "%s"',
  (field) => {
    expect(parseRange(field, 0)).toBe('unsatisfiable')
  },
)

it('parseRange returns exactly the requested bytes', () => {
  const asked = fc.record({
    length: fc.maxSafeNat(),
    first: fc.maxSafeNat(),
    last: fc.maxSafeNat(),
  })
  fc.assert(
    fc.property(asked, ({ length, first, last }) => {
      const range = parseRange(`bytes=${first}-${last}`, length)
      if (last < first) expect(range).toBeNull()
      else if (first >= length) expect(range).toBe('unsatisfiable')
      else expect(range).toEqual({ start: first, end: last >= length ? length : last + 1 })
    }),
  )
})

it('parseRange never returns a range outside the resource', () => {
  const pieces = fc.constantFrom(
    'bytes',
    '=',
    '-',
    ',',
    ' ',
    '0',
    '5',
    '9',
    '10',
    '99999999999999999999',
  )
  const fields = fc.array(pieces, { maxLength: 9 }).map((parts) => parts.join(''))
  const anything = fc.oneof(
    fc.string(),
    fields,
    fields.map((text) => `bytes=${text}`),
  )
  fc.assert(
    fc.property(anything, fc.nat(20), (field, length) => {
      const range = parseRange(field, length)
      if (range === null || range === 'unsatisfiable') return
      expect(range.start).toBeGreaterThanOrEqual(0)
      expect(range.start).toBeLessThan(range.end)
      expect(range.end).toBeLessThanOrEqual(length)
    }),
  )
})
