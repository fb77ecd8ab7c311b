import { describe, expect, it } from 'vitest'
import { failedPrecondition, isRangeCurrent } from './preconditions.ts'

const EARLIER = 'Sun, 06 Nov 1994 08:49:36 GMT'
const EXACTLY = 'Sun, 06 Nov 1994 08:49:37 GMT'
const LATER = 'Sun, 06 Nov 1994 08:49:38 GMT'
const CURRENT = { etag: '"v2"', lastModified: new Date(EXACTLY) }

describe('failedPrecondition', () => {
  it.each([
    [{}, null],

    [{ 'if-match': '"v2"' }, null],
    [{ 'if-match': '"v1", "v2"' }, null],
    [{ 'if-match': '*' }, null],
    [{ 'if-match': '"v1"' }, 412],
    [{ 'if-match': 'W/"v2"' }, 412],
    [{ 'if-match': 'v2' }, 412],
    [{ 'if-match': '' }, 412],

    [{ 'if-unmodified-since': EARLIER }, 412],
    [{ 'if-unmodified-since': EXACTLY }, null],
    [{ 'if-unmodified-since': LATER }, null],
    [{ 'if-unmodified-since': 'yesterday' }, null],
    [{ 'if-match': '"v2"', 'if-unmodified-since': EARLIER }, null],

    [{ 'if-none-match': '"v2"' }, 304],
    [{ 'if-none-match': 'W/"v2"' }, 304],
    [{ 'if-none-match': '"v1", W/"v2"' }, 304],
    [{ 'if-none-match': '*' }, 304],
    [{ 'if-none-match': '"v1"' }, null],
    [{ 'if-none-match': 'v2' }, null],

    [{ 'if-modified-since': EARLIER }, null],
    [{ 'if-modified-since': EXACTLY }, 304],
    [{ 'if-modified-since': LATER }, 304],
    [{ 'if-modified-since': 'Sunday, 06-Nov-94 08:49:37 GMT' }, 304],
    [{ 'if-modified-since': 'yesterday' }, null],
    [{ 'if-none-match': '"v1"', 'if-modified-since': LATER }, null],
    [{ 'if-none-match': '"v2"', 'if-modified-since': EARLIER }, 304],

    [{ 'if-match': '"v1"', 'if-none-match': '"v2"' }, 412],
    [{ 'if-match': '"v2"', 'if-none-match': '"v2"' }, 304],
    [{ 'if-unmodified-since': EARLIER, 'if-modified-since': LATER }, 412],
  ])('failedPrecondition of %j is %s', (headers, status) => {
    expect(failedPrecondition(new Headers(headers), CURRENT)).toBe(status)
  })

  it('failedPrecondition ignores dates when the resource has none', () => {
    const undated = { etag: '"v2"', lastModified: null }
    const headers = new Headers({ 'if-modified-since': LATER, 'if-unmodified-since': EARLIER })
    expect(failedPrecondition(headers, undated)).toBeNull()
  })
})

describe('isRangeCurrent', () => {
  it.each([
    [{}, true],
    [{ 'if-range': '"v2"' }, true],
    [{ 'if-range': ' "v2" ' }, true],
    [{ 'if-range': '"v1"' }, false],
    [{ 'if-range': 'W/"v2"' }, false],
    [{ 'if-range': '"v1", "v2"' }, false],
    [{ 'if-range': '*' }, false],
    [{ 'if-range': '' }, false],
    [{ 'if-range': EXACTLY }, true],
    [{ 'if-range': EARLIER }, false],
    [{ 'if-range': LATER }, false],
    [{ 'if-range': 'yesterday' }, false],
  ])('isRangeCurrent of %j is %s', (headers, isCurrent) => {
    expect(isRangeCurrent(new Headers(headers), CURRENT)).toBe(isCurrent)
  })

  it('isRangeCurrent is false for a date when the resource has none', () => {
    const headers = new Headers({ 'if-range': EXACTLY })
    expect(isRangeCurrent(headers, { etag: '"v2"', lastModified: null })).toBe(false)
  })
})
