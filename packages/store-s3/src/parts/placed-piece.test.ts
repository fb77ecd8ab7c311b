import { expect, it } from 'vitest'
import type { PlacedPiece } from './placed-piece.ts'
import { endOf, mergePlan, placed } from './placed-piece.ts'

const sized = (...sizes: readonly number[]): PlacedPiece[] =>
  placed(
    sizes.map((size, index) => ({ key: `piece-${index}`, size })),
    100,
  )

it('placed puts the pieces one behind the other', () => {
  expect(sized(8, 4).map(({ start }) => start)).toEqual([100, 108])
})

it('endOf gives the offset behind the last piece, and the start without pieces', () => {
  expect(endOf(sized(8, 4), 100)).toBe(112)
  expect(endOf([], 100)).toBe(100)
})

it('mergePlan replaces the last pieces that are not larger than the new piece', () => {
  const pieces = sized(16, 4, 2)
  const all = { start: 100, end: 124 }
  // The new piece has 2 bytes, then 4, then 8: the first piece, of 16, is larger.
  expect(mergePlan(pieces, all, 122)).toEqual({ kept: pieces.slice(0, 1), start: 116 })
})

it('mergePlan keeps every piece that is larger than the new piece', () => {
  const pieces = sized(16, 4)
  expect(mergePlan(pieces, { start: 100, end: 123 }, 120)).toEqual({ kept: pieces, start: 120 })
})

it('mergePlan keeps a piece whose bytes left the memory', () => {
  const pieces = sized(4, 4)
  const half = { start: 102, end: 120 }
  expect(mergePlan(pieces, half, 108)).toEqual({ kept: pieces.slice(0, 1), start: 104 })
})
