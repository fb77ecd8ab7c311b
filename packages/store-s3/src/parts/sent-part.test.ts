import { expect, it } from 'vitest'
import { committable } from './sent-part.ts'

const piece = (start: number, size: number) => ({ key: `piece-${start}`, size, start })
const record = { parts: [{ number: 1, etag: 'a', size: 10 }] }
const stored = { number: 2, end: 20, size: 10, pieces: [piece(10, 3)], etag: 'b' }
const underWay = { number: 3, end: 30, size: 10, pieces: [piece(20, 4)], etag: null }
const storedBehind = { number: 4, end: 40, size: 10, pieces: [], etag: 'd' }
const tail = [piece(40, 5)]

it('committable gives the pieces behind the parts of the record when no part was sent', () => {
  const pieces = [piece(10, 5)]
  expect(committable(record, [], pieces)).toEqual({
    parts: [],
    tail: pieces,
    replaced: [],
    end: 15,
  })
})

it('committable gives every stored part and the pieces behind the last one', () => {
  expect(committable(record, [stored], [piece(20, 4)])).toEqual({
    parts: [{ number: 2, etag: 'b', size: 10 }],
    tail: [piece(20, 4)],
    replaced: stored.pieces,
    end: 24,
  })
})

it('committable stops at the first part that the storage does not have', () => {
  expect(committable(record, [stored, underWay, storedBehind], tail)).toEqual({
    parts: [{ number: 2, etag: 'b', size: 10 }],
    tail: underWay.pieces,
    replaced: stored.pieces,
    end: 24,
  })
})
