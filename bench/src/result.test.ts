import { describe, expect, it } from 'vitest'
import type { Result, Sample, WorkResult } from './result.ts'
import { figureOf, hostedRatio, median, merged } from './result.ts'

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

describe('the ratio of a server in a framework', () => {
  const servers = { hosted: 'tusker-koa', alone: 'tusker', floor: 'floor' }

  it('compares it with itself on node:http and what the framework adds to the floor', () => {
    const { samples, ...koa } = work({ floor: [10, 10], tusker: [20, 20] })
    // Koa adds 5 to a floor of 10, so 25 are expected; in the second round 40.
    const hosted = [sample(30, 15), sample(40, 30)]
    const measured = { ...koa, samples: { ...samples, 'tusker-koa': hosted } }
    expect(hostedRatio(measured, servers)).toBeCloseTo((30 / 25 + 1) / 2)
  })

  it('is null where the server was not measured without the framework', () => {
    const measured = work({ floor: [10], 'tusker-koa': [30] })
    expect(hostedRatio(measured, servers)).toBeNull()
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
