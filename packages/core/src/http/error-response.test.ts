import { describe, expect, it } from 'vitest'
import { UploadError } from '../model/error.ts'
import { errorResponse } from './error-response.ts'

const answer = (method: string, accept: string | null): ReturnType<typeof errorResponse> =>
  errorResponse(
    { method, headers: { get: () => accept } },
    new UploadError('offset_mismatch', 'the upload is at 5, not 3'),
  )

describe('errorResponse', () => {
  it.each([
    null,
    '*/*',
    'application/json',
    'Application/JSON; charset=utf-8',
    'application/*',
    'text/html, application/json;q=0.5',
  ])('errorResponse is JSON for a client that accepts "%s"', (accept) => {
    const response = answer('PATCH', accept)
    expect(response.headers['content-type']).toBe('application/json')
    expect(JSON.parse(response.body as string)).toEqual({
      error: {
        type: 'OffsetMismatch',
        code: 'offset_mismatch',
        message: 'the upload is at 5, not 3',
      },
    })
  })

  it.each(['text/plain', 'text/html', 'application/json;q=0', 'application/jsonp'])(
    'errorResponse is text for a client that accepts "%s"',
    (accept) => {
      expect(answer('PATCH', accept)).toMatchObject({
        status: 409,
        headers: {
          'content-type': 'text/plain; charset=utf-8',
          'x-content-type-options': 'nosniff',
        },
        body: 'offset_mismatch: the upload is at 5, not 3\n',
      })
    },
  )

  it('errorResponse has no body for HEAD', () => {
    expect(answer('HEAD', null)).toEqual({
      status: 409,
      headers: { 'cache-control': 'no-store' },
    })
  })

  it('errorResponse has the header fields of the error', () => {
    const error = new UploadError('unauthenticated', 'sign in', {
      headers: { 'www-authenticate': 'Basic' },
    })
    const response = errorResponse({ method: 'GET', headers: { get: () => null } }, error)
    expect(response).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Basic' },
    })
  })
})
