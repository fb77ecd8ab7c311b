import { expect, it } from 'vitest'
import { errorOf } from '../api/errors.ts'
import { problemOf } from './failures.ts'
import { FileChanged, UploadGone } from './retry-policy.ts'
import { FileTooLarge } from './size-limit.ts'

it('a file above the limit is named with its size and the limit', () => {
  const { text } = problemOf(new FileTooLarge('m20.bin', 20_000_000, 10_500_000))
  expect(text).toBe('m20.bin is 20 MB. The limit is 10.5 MB.')
})

it.each([
  ['a file above the limit', new FileTooLarge('a', 2, 1)],
  ['a file that the server found too large', errorOf(413, '')],
  ['a request that the server cannot read', errorOf(400, '')],
  ['a file that has changed on the device', new FileChanged()],
])('%s cannot be retried', (_, error) => {
  expect(problemOf(error).canRetry).toBe(false)
})

it.each([
  ['an upload that was cancelled or has expired', new UploadGone()],
  ['an upload without permission', errorOf(403, '')],
  ['an upload after an error of the server', errorOf(500, '')],
  ['an upload to a full disk', errorOf(507, '')],
])('%s can be retried', (_, error) => {
  expect(problemOf(error).canRetry).toBe(true)
})
