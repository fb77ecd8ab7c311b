import { describe, expect, it } from 'vitest'
import type { Result, Sample, WorkResult } from './result.ts'
import { figureOf, median, merged } from './result.ts'

const sample = (value: number, floor: number | null = null): Sample => ({
  user: 0,
  system: 0,
  wall: 0,
  value,
  floor,
})

const work = (samples: Record<string, number[]>, name: string = 'head'): WorkResult => ({
  name,
  title: name,
  unit: 'us each',
  samples: Object.fromEntries(
    Object.entries(samples).map(([server, values]) => [
      server,
      values.map((value, round) => sample(value, samples['floor']?.[round] ?? null)),
    ]),
  ),
})

const result = (...works: WorkResult[]): Result => ({
  node: '20.20.2',
  platform: 'linux x64',
  date: '2026-01-01T00:00:00.000Z',
  quick: false,
  works,
})

describe('the median', () => {
  it.each([
    [[3], 3],
    [[5, 1, 3], 3],
    [[4, 1, 3, 2], 2.5],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected)
  })
})

describe('the figure of a server', () => {
  it('has the median of the ratios to the floor of the same round', () => {
    const measured = work({ floor: [10, 20, 100], tusker: [20, 60, 200] })
    expect(figureOf(measured, 'tusker')).toEqual({ value: 60, ratio: 2 })
  })

  it('has no ratio where its floor was not measured', () => {
    expect(figureOf(work({ tusker: [20] }), 'tusker')).toEqual({ value: 20, ratio: null })
  })

  it('is null for a server that was not measured', () => {
    expect(figureOf(work({ floor: [20] }), 'tusker')).toBeNull()
  })
})

describe('a result merged into an earlier one', () => {
  it('replaces what was measured again, and keeps the other servers and works', () => {
    const earlier = result(
      work({ floor: [1], tusker: [1], uploadx: [4] }),
      work({ floor: [1] }, 'creation'),
    )
    const later = result(work({ floor: [1], tusker: [2] }), work({ floor: [3] }, 'slow'))
    expect(merged(earlier, later).works).toEqual([
      work({ floor: [1], tusker: [2], uploadx: [4] }),
      work({ floor: [1] }, 'creation'),
      work({ floor: [3] }, 'slow'),
    ])
  })
})
