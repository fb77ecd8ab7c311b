import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { sweeper } from './sweep-timer.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('a sweeper sweeps at intervals until it is stopped', async () => {
  let runs = 0
  const sweeping = sweeper(1_000, () => Promise.resolve(++runs))
  sweeping.start()
  await vi.advanceTimersByTimeAsync(3_500)
  expect(runs).toBe(3)

  sweeping.stop()
  await vi.advanceTimersByTimeAsync(5_000)
  expect(runs).toBe(3)
})

it('a sweeper never runs two sweeps at the same time', async () => {
  let running = 0
  let most = 0
  const sweeping = sweeper(10, async () => {
    most = Math.max(most, ++running)
    await new Promise((resolve) => setTimeout(resolve, 100))
    running -= 1
  })
  sweeping.start()
  sweeping.start()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(most).toBe(1)
  sweeping.stop()
})

it('a sweeper without an interval never sweeps', async () => {
  let runs = 0
  sweeper(null, () => Promise.resolve(++runs)).start()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(runs).toBe(0)
})
