import { expect, it } from 'vitest'
import { isUploadError, UploadError } from './error.ts'

it('UploadError has its code, its message and its details', () => {
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

it('isUploadError recognizes an error of another copy of the package', async () => {
  const copy = (await import(String('./error.ts?copy'))) as {
    UploadError: typeof UploadError
  }
  const error = new copy.UploadError('busy', 'later')
  expect(error).not.toBeInstanceOf(UploadError)
  expect(isUploadError(error)).toBe(true)
})

it.each([new Error('no'), { code: 'busy' }, null, 'busy'])(
  'isUploadError returns false for %s',
  (value) => {
    expect(isUploadError(value)).toBe(false)
  },
)
