import { describe, expect, it } from 'vitest'
import { layoutOf, PIECE, spansOf } from './keys.ts'

describe('keys', () => {
  it('all keys of an upload are in one slot', () => {
    const layout = layoutOf('app:', 'upload')
    expect(layout.record('u.1')).toBe('app:upload:{u.1}')
    expect(layout.piece('u.1', 'abc', 7)).toBe('app:upload:{u.1}:abc:7')
    expect(layout.idOf(layout.record('u.1'))).toBe('u.1')
  })

  it('the pattern of records matches the prefix literally', () => {
    expect(layoutOf('a*[b]?\\:', 'upload').records).toBe('a\\*\\[b\\]\\?\\\\:upload:{*}')
  })

  it('a prefix with empty braces is refused', () => {
    expect(() => layoutOf('a{}:', 'upload')).toThrow('{}')
    expect(() => layoutOf('{a}{}:', 'upload')).not.toThrow()
  })

  it('the pieces of a byte range are found', () => {
    expect([...spansOf(5, 5)]).toEqual([])
    expect([...spansOf(PIECE - 2, 2 * PIECE + 1)]).toEqual([
      { number: 0, at: PIECE - 2, length: 2 },
      { number: 1, at: 0, length: PIECE },
      { number: 2, at: 0, length: 1 },
    ])
  })
})
