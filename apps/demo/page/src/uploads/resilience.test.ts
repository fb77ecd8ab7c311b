import type { TusDetailedError } from '@uppy/tus'
import { expect, it } from 'vitest'
import { errorOf } from '../api/errors.ts'
import { FileChanged, RETRY_DELAYS, retryDecision, UploadEnded } from './resilience.ts'

/** An error of tus-js-client, with the answer that caused it, or what was thrown. */
function failure(status: number | null, causingError: Error | null = null): TusDetailedError {
  const originalResponse = status === null ? null : { getStatus: () => status }
  return Object.assign(new Error('tus: failed'), {
    originalRequest: null,
    ...{ originalResponse, causingError },
  }) as unknown as TusDetailedError
}

function isTriedAgain(error: TusDetailedError, attempt = 0): boolean {
  return retryDecision(error, attempt, {}, () => true)
}

it.each([
  ['a lost network', failure(null, new Error('no answer'))],
  ['a gateway without a server', failure(502)],
  ['a server that is about to go', failure(503)],
  ['the same when asked for the offset', failure(null, errorOf(503, ''))],
])('waits as long as it takes for %s', (_, error) => {
  expect(isTriedAgain(error, 10_000)).toBe(true)
})

it.each([
  ['an upload that is in use', failure(423)],
  ['an offset that has moved on', failure(409)],
  ['a fault of the server', failure(500)],
])('tries again for %s, but not for ever', (_, error) => {
  expect(isTriedAgain(error)).toBe(true)
  expect(isTriedAgain(error, 100)).toBe(false)
})

it.each([
  ['not being signed in', failure(401)],
  ['the same when asked for the offset', failure(null, errorOf(401, ''))],
  ['not being allowed', failure(403)],
  ['a file that is too large', failure(413)],
  ['a disk that is full', failure(507)],
  ['an upload that was ended', failure(null, new UploadEnded())],
  ['a file that was changed', failure(null, new FileChanged())],
])('gives up at once for %s', (_, error) => {
  expect(isTriedAgain(error)).toBe(false)
})

it('waits for days', () => {
  expect(RETRY_DELAYS.reduce((sum, delay) => sum + delay, 0)).toBeGreaterThan(3 * 86_400_000)
})
