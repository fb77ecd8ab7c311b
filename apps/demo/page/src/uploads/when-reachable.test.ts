import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ApiError, errorOf, unreachable } from '../api/errors.ts'
import { whenReachable } from './when-reachable.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('a task is tried for as long as the server cannot be reached', async () => {
  let attempts = 0
  const result = whenReachable(
    async () => {
      attempts += 1
      if (attempts < 1_000) throw attempts % 2 === 0 ? unreachable() : errorOf(503, '')
      return 'done'
    },
    () => true,
  )
  await vi.runAllTimersAsync()
  expect(await result).toBe('done')
  expect(attempts).toBe(1_000)
})

it('a task is not tried again after an error response, nor when its result is no longer needed', async () => {
  const refused = new ApiError(403, 'forbidden', 'No.')
  await expect(
    whenReachable(
      () => Promise.reject(refused),
      () => true,
    ),
  ).rejects.toBe(refused)
  const away = unreachable()
  await expect(
    whenReachable(
      () => Promise.reject(away),
      () => false,
    ),
  ).rejects.toBe(away)
})
