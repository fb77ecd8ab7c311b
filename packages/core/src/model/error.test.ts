import { expect, it } from 'vitest'
import { isUploadError, UploadError } from './error.ts'

it('knows its code, its message and what goes with them', () => {
  const cause = new Error('why')
  const error = new UploadError('offset_mismatch', 'the upload is at 5', {
    actualOffset: 5,
    cause,
  })
  expect(error).toMatchObject({
    name: 'UploadError',
    code: 'offset_mismatch',
    actualOffset: 5,
    cause,
  })
  expect(error).toBeInstanceOf(Error)
})

it('is recognised when another copy of the package made it', async () => {
  const copy = (await import(String('./error.ts?copy'))) as {
    UploadError: typeof UploadError
  }
  const error = new copy.UploadError('busy', 'later')
  expect(error).not.toBeInstanceOf(UploadError)
  expect(isUploadError(error)).toBe(true)
})

it.each([new Error('no'), { code: 'busy' }, null, 'busy'])('does not take %s for one', (value) => {
  expect(isUploadError(value)).toBe(false)
})
