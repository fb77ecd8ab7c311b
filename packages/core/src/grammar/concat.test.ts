import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseConcat } from './concat.ts'

it('parseConcat reads a partial upload', () => {
  expect(parseConcat('partial')).toEqual({ kind: 'partial' })
})

it.each([
  ['final;/files/a', ['/files/a']],
  ['final;/files/a /files/b', ['/files/a', '/files/b']],
  ['final; /files/a  http://host/files/b ', ['/files/a', 'http://host/files/b']],
])('parseConcat reads "%s"', (field, urls) => {
  expect(parseConcat(field)).toEqual({ kind: 'final', urls })
})

it.each(['', 'Partial', 'partial;', 'final', 'final;', 'final; ', 'finale;/a', '/files/a'])(
  'parseConcat refuses "%s"',
  (field) => {
    expect(parseConcat(field)).toBeNull()
  },
)

it('parseConcat reads thousands of parts', () => {
  const urls = fc.array(
    fc.webPath().map((path) => `/files${path}`),
    { minLength: 1, maxLength: 3_000 },
  )
  fc.assert(
    fc.property(urls, (list) => {
      expect(parseConcat(`final;${list.join(' ')}`)).toEqual({
        kind: 'final',
        urls: list,
      })
    }),
    { numRuns: 20 },
  )
})
