import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseHttpDate } from './http-date.ts'

it.each([
  ['Sun, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
  ['Sunday, 06-Nov-94 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
  ['Sun Nov  6 08:49:37 1994', '1994-11-06T08:49:37.000Z'],
  ['Sun Nov 16 08:49:37 1994', '1994-11-16T08:49:37.000Z'],
  ['Thu, 29 Feb 2024 00:00:00 GMT', '2024-02-29T00:00:00.000Z'],
  ['Sat, 31 Dec 2016 23:59:60 GMT', '2017-01-01T00:00:00.000Z'],
  ['Thu, 01 Jan 1970 00:00:00 GMT', '1970-01-01T00:00:00.000Z'],
  ['Sat, 01 Jan 0050 00:00:00 GMT', '0050-01-01T00:00:00.000Z'],
])('parseHttpDate reads "%s"', (text, iso) => {
  expect(parseHttpDate(text)?.toISOString()).toBe(iso)
})

it.each([
  '',
  '0',
  '1994',
  '1994-11-06T08:49:37Z',
  'Sun, 6 Nov 1994 08:49:37 GMT',
  'Sun, 06 Nov 1994 08:49:37',
  'Sun, 06 Nov 1994 08:49:37 UTC',
  'Sun, 06 Nov 1994 08:49:37 +0100',
  'Sun, 06 nov 1994 08:49:37 GMT',
  'Sun, 06 Nov 1994 24:00:00 GMT',
  'Sun, 06 Nov 1994 08:60:00 GMT',
  'Sun, 06 Nov 1994 08:49:61 GMT',
  'Sun, 00 Nov 1994 08:49:37 GMT',
  'Sun, 31 Nov 1994 08:49:37 GMT',
  'Wed, 29 Feb 2023 00:00:00 GMT',
  ' Sun, 06 Nov 1994 08:49:37 GMT',
  'Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT',
])('parseHttpDate refuses "%s"', (text) => {
  expect(parseHttpDate(text)).toBeNull()
})

it('parseHttpDate reads two digits as a year at most 50 years in the future', () => {
  const now = new Date().getUTCFullYear()
  for (let year = now - 49; year <= now + 50; year++) {
    const text = `Monday, 01-Jan-${String(year % 100).padStart(2, '0')} 00:00:00 GMT`
    expect(parseHttpDate(text)?.getUTCFullYear()).toBe(year)
  }
})

it('parseHttpDate reads every date that toUTCString writes, to the second', () => {
  const dates = fc.date({
    min: new Date(0),
    max: new Date('9999-12-31T23:59:59Z'),
    noInvalidDate: true,
  })
  fc.assert(
    fc.property(dates, (date) => {
      const seconds = Math.floor(date.getTime() / 1_000)
      expect(parseHttpDate(date.toUTCString())?.getTime()).toBe(seconds * 1_000)
    }),
  )
})
