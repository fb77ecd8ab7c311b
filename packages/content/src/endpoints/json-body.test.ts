import type { HttpRequest } from '@tusker/core'
import { isUploadError } from '@tusker/core'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { readJsonObject } from './json-body.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A request whose body is one byte every ten seconds. */
function dripping(): { request: HttpRequest; isLeft(): boolean } {
  let isLeft = false
  const body: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => ({
      next: () =>
        new Promise((resolve) => {
          setTimeout(() => resolve({ done: false, value: Buffer.from(' ') }), 10_000)
        }),
      return() {
        isLeft = true
        return Promise.resolve({ done: true, value: undefined })
      },
    }),
  }
  const headers = new Headers({ 'content-type': 'application/json' })
  // The other members of a request are not read.
  return { request: { headers, body } as unknown as HttpRequest, isLeft: () => isLeft }
}

it('a JSON body that takes longer than 30 seconds is refused, and read no further', async () => {
  const { request, isLeft } = dripping()
  const reading = readJsonObject(request).catch((error: unknown) => error)
  await vi.advanceTimersByTimeAsync(31_000)
  const error = await reading
  expect(isUploadError(error) && error.code).toBe('request_timeout')
  expect(isLeft()).toBe(true)
})
