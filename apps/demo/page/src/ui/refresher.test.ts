import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { refresher } from './refresher.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A refresher whose runs take `duration` milliseconds, and the times at which they began. */
function timed(duration: number): { refresh: () => void; starts: number[]; ends: number[] } {
  const begin = Date.now()
  const starts: number[] = []
  const ends: number[] = []
  const refresh = refresher(async () => {
    starts.push(Date.now() - begin)
    await new Promise((resolve) => setTimeout(resolve, duration))
    ends.push(Date.now() - begin)
  }, 1_000)
  return { refresh, starts, ends }
}

it('refreshes at once after the first change', () => {
  const { refresh, starts } = timed(50)
  refresh()
  expect(starts).toEqual([0])
})

it('refreshes once a second while changes keep coming, and once after the last', async () => {
  const { refresh, starts } = timed(50)
  for (let change = 0; change < 35; change += 1) {
    refresh()
    await vi.advanceTimersByTimeAsync(100)
  }
  await vi.advanceTimersByTimeAsync(5_000)
  expect(starts).toEqual([0, 1_000, 2_000, 3_000, 4_000])
})

it('lets a slow refresh finish before it begins the next one', async () => {
  const { refresh, starts, ends } = timed(2_500)
  refresh()
  await vi.advanceTimersByTimeAsync(100)
  refresh()
  refresh()
  await vi.advanceTimersByTimeAsync(10_000)
  expect({ starts, ends }).toEqual({ starts: [0, 2_500], ends: [2_500, 5_000] })
})

it('refreshes again after a refresh that failed', async () => {
  let runs = 0
  const refresh = refresher(() => {
    runs += 1
    return Promise.reject(new Error('no answer'))
  }, 1_000)
  refresh()
  await vi.advanceTimersByTimeAsync(2_000)
  refresh()
  expect(runs).toBe(2)
})
