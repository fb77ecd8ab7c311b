import { expect, it } from 'vitest'
import { errorOf, explain, sentence } from './errors.ts'

function body(code: string, message: string): string {
  return JSON.stringify({ error: { type: 'x', code, message } })
}

it('says in a sentence what the server said', () => {
  const error = errorOf(400, body('malformed_request', 'the path would be too long'))
  expect(explain(error)).toBe('The path would be too long.')
  expect(error).toMatchObject({ status: 400, code: 'malformed_request' })
})

it.each([
  [401, body('unauthenticated', 'sign in'), 'You are signed out. Sign in to go on.'],
  [409, body('id_taken', 'taken'), 'There is already something with this name.'],
  [413, '', 'The file is larger than this server accepts.'],
  [404, '<html>', 'It is not there any more. Somebody may have removed it.'],
  [503, '<html>', 'The server is busy. Try again in a moment.'],
  [418, '', 'The server answered 418.'],
  [400, '{"error": null}', 'The server answered 400.'],
  [400, 'null', 'The server answered 400.'],
])('knows what to say to %d %s', (status, text, said) => {
  expect(explain(errorOf(status, text))).toBe(said)
})

it('explains what was thrown, whatever it is', () => {
  expect(explain(new Error('no folder is open'))).toBe('No folder is open.')
  expect(explain('nothing')).toBe('Nothing.')
  expect(sentence('Is it so?')).toBe('Is it so?')
})
