import { expect, it } from 'vitest'
import type { PartPlan } from './plan.ts'
import { largestObject, partSizeAt } from './plan.ts'

const MIB = 2 ** 20

function planWith(changes: Partial<PartPlan>): PartPlan {
  return {
    partSize: 8 * MIB,
    smallestPart: 5 * MIB,
    largestPart: 32 * MIB,
    maxParts: 10_000,
    equalParts: false,
    ...changes,
  }
}

/** The sizes of all parts of an upload that is never interrupted. */
function sizesOf(plan: PartPlan, total: number, length: number | null): number[] {
  const sizes: number[] = []
  for (let start = 0; start < total; ) {
    const size = Math.min(
      partSizeAt(plan, { start, length, number: sizes.length + 1 }),
      total - start,
    )
    sizes.push(size)
    start += size
  }
  return sizes
}

it.each([1_000, 10_000])(
  'the longest upload that is possible takes at most %s parts',
  (maxParts) => {
    const plan = planWith({ maxParts })
    const longest = largestObject(plan)
    const sizes = sizesOf(plan, longest, longest)
    expect(sizes.length).toBeLessThanOrEqual(maxParts)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(plan.largestPart)
  },
)

it('parts keep their size as long as the numbers suffice', () => {
  const sizes = sizesOf(planWith({ maxParts: 1_000 }), 800 * MIB, 800 * MIB)
  expect(new Set(sizes)).toEqual(new Set([8 * MIB]))
})

it('numbers that were used up by interruptions make the parts that are left larger', () => {
  const position = { start: 10 * MIB, length: 1_010 * MIB, number: 901 }
  expect(partSizeAt(planWith({ maxParts: 1_000 }), position)).toBe(10 * MIB)
})

it('parts of an upload of unknown length grow, so that a long one fits', () => {
  const plan = planWith({ maxParts: 1_000 })
  const sizes = sizesOf(plan, 25_000 * MIB, null)
  expect(sizes.length).toBeLessThanOrEqual(1_000)
  expect(sizes[0]).toBe(8 * MIB)
  expect(sizes.at(-2)).toBe(32 * MIB)
})

it('equal parts have one size at every position', () => {
  const plan = planWith({ equalParts: true, maxParts: 1_000 })
  expect(largestObject(plan)).toBe(8_000 * MIB)
  expect(new Set(sizesOf(plan, 8_000 * MIB, null))).toEqual(new Set([8 * MIB]))
})
