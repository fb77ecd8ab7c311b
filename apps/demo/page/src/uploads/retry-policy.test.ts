import type { TusDetailedError } from '@uppy/tus'
import { expect, it } from 'vitest'
import { errorOf } from '../api/errors.ts'
import { FileChanged, RETRY_DELAYS, retryDecision, UploadGone } from './retry-policy.ts'

/** An error of tus-js-client, with the status of the response or the error that caused it. */
function failure(status: number | null, causingError: Error | null = null): TusDetailedError {
  const originalResponse = status === null ? null : { getStatus: () => status }
  return Object.assign(new Error('tus: failed'), {
    originalRequest: null,
    originalResponse,
    causingError,
  }) as unknown as TusDetailedError
}

function isRetried(error: TusDetailedError, attempt = 0): boolean {
  return retryDecision(error, attempt, {}, () => true)
}

it.each([
  ['a lost network', failure(null, new Error('no answer'))],
  ['a gateway without a server', failure(502)],
  ['a server that is closing', failure(503)],
  ['a closing server that is asked for the offset', failure(null, errorOf(503, ''))],
])('an upload is retried for as long as it takes after %s', (_, error) => {
  expect(isRetried(error, 10_000)).toBe(true)
})

it.each([
  ['an upload that is in use', failure(423)],
  ['another offset than expected', failure(409)],
  ['an error of the server', failure(500)],
])('an upload is retried some times after %s', (_, error) => {
  expect(isRetried(error)).toBe(true)
  expect(isRetried(error, 100)).toBe(false)
})

it.each([
  ['a response that the user is signed out', failure(401)],
  ['the same response to a request for the offset', failure(null, errorOf(401, ''))],
  ['a response that the user has no permission', failure(403)],
  ['a file that is too large', failure(413)],
  ['a disk that is full', failure(507)],
  ['an upload that was cancelled', failure(null, new UploadGone())],
  ['a file that was changed', failure(null, new FileChanged())],
])('an upload is not retried after %s', (_, error) => {
  expect(isRetried(error)).toBe(false)
})

it('an upload is retried for days', () => {
  expect(RETRY_DELAYS.reduce((sum, delay) => sum + delay, 0)).toBeGreaterThan(3 * 86_400_000)
})
