import { expect, it } from 'vitest'
import { errorOf, explain, sentence } from './errors.ts'

function body(code: string, message: string): string {
  return JSON.stringify({ error: { type: 'x', code, message } })
}

it('turns the message of the server into a sentence', () => {
  const error = errorOf(400, body('malformed_request', 'the path would be too long'))
  expect(explain(error)).toBe('The path would be too long.')
  expect(error).toMatchObject({ status: 400, code: 'malformed_request' })
})

it.each([
  [401, body('unauthenticated', 'sign in'), 'You are signed out. Sign in to continue.'],
  [409, body('id_taken', 'taken'), 'This name is already taken.'],
  [413, '', 'The file is larger than the server allows.'],
  [404, '<html>', 'This item no longer exists.'],
  [503, '<html>', 'The server is busy. Try again in a moment.'],
  [418, '', 'The server responded with 418.'],
  [400, '{"error": null}', 'The server responded with 400.'],
  [400, 'null', 'The server responded with 400.'],
])('explains the status %d with the body %s', (status, text, said) => {
  expect(explain(errorOf(status, text))).toBe(said)
})

it('explains errors of any kind', () => {
  expect(explain(new Error('no folder is open'))).toBe('No folder is open.')
  expect(explain('nothing')).toBe('Nothing.')
  expect(sentence('Is it so?')).toBe('Is it so?')
})
