import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { CommitClock } from './commit-clock.ts'
import { commitClock } from './commit-clock.ts'

let clock: CommitClock
beforeEach(() => {
  vi.useFakeTimers()
  clock = commitClock()
})
afterEach(() => vi.useRealTimers())

it('a commit is made about once a second, until it is taken out', () => {
  const commit = vi.fn()
  const stop = clock.add(commit)
  vi.advanceTimersByTime(950)
  expect(commit).toHaveBeenCalledTimes(0)
  vi.advanceTimersByTime(9_100)
  expect(commit.mock.calls.length).toBeGreaterThanOrEqual(10)
  expect(commit.mock.calls.length).toBeLessThanOrEqual(11)
  stop()
  vi.advanceTimersByTime(5_000)
  expect(commit.mock.calls.length).toBeLessThanOrEqual(11)
  expect(vi.getTimerCount()).toBe(0)
})

it('commits that are due at nearly the same time are made in one turn, and never later than a second', () => {
  const turns = new Set<number>()
  const last = new Map<number, number>()
  for (let index = 0; index < 20; index += 1) {
    last.set(index, performance.now())
    clock.add(() => {
      const now = performance.now()
      expect(now - (last.get(index) ?? 0)).toBeLessThanOrEqual(1_001)
      last.set(index, now)
      turns.add(now)
    })
    vi.advanceTimersByTime(50)
  }
  turns.clear()
  vi.advanceTimersByTime(1_000)
  expect(turns.size).toBeLessThanOrEqual(11)
})

it('very many commits that are due together leave turns to other work', () => {
  let made = 0
  for (let index = 0; index < 1_000; index += 1) clock.add(() => (made += 1))
  vi.advanceTimersToNextTimer()
  expect(made).toBeGreaterThan(0)
  expect(made).toBeLessThan(1_000)
  vi.advanceTimersByTime(100)
  expect(made).toBe(1_000)
})

it('an append that ends during the commits of a turn is not called any more', () => {
  const stops: (() => void)[] = []
  const second = vi.fn()
  clock.add(() => stops.forEach((stop) => stop()))
  stops.push(clock.add(second))
  vi.advanceTimersByTime(3_000)
  expect(second).not.toHaveBeenCalled()
})
