import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ApiError, errorOf, unreachable } from '../api/errors.ts'
import { whenReachable } from './when-reachable.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('tries for as long as the server cannot be reached', async () => {
  let attempts = 0
  const result = whenReachable(
    async () => {
      attempts += 1
      if (attempts < 1_000) throw attempts % 2 === 0 ? unreachable() : errorOf(503, '')
      return 'there'
    },
    () => true,
  )
  await vi.runAllTimersAsync()
  expect(await result).toBe('there')
  expect(attempts).toBe(1_000)
})

it('does not try again what was refused, nor what nobody wants any more', async () => {
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
