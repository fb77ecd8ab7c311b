import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseMediaType } from './media-type.ts'

it.each([
  ['text/plain', 'text/plain', 'text/plain'],
  ['Text/HTML', 'text/html', 'text/html'],
  [' image/svg+xml\t', 'image/svg+xml', 'image/svg+xml'],
  ['text/plain;charset=UTF-8', 'text/plain', 'text/plain;charset=UTF-8'],
  ['text/plain ; charset="utf-8"', 'text/plain', 'text/plain ; charset="utf-8"'],
  ['a/b; c="d \\" ; e"; f=g', 'a/b', 'a/b; c="d \\" ; e"; f=g'],
  ['application/vnd.a.b-c_d+json', 'application/vnd.a.b-c_d+json', 'application/vnd.a.b-c_d+json'],
])('parseMediaType reads "%s"', (text, essence, sent) => {
  expect(parseMediaType(text)).toEqual({ essence, text: sent })
})

it.each([
  '',
  'text',
  'text/',
  '/plain',
  'text/plain/x',
  'text /plain',
  'text/plain;',
  'text/plain; charset',
  'text/plain; charset=',
  'text/plain; charset = utf-8',
  'text/plain; charset="utf-8',
  'text/plain, text/html',
  'text/plain\r\nset-cookie: a=b',
  'text/plain; a="\r\nset-cookie: b"',
  'text/plain\0',
  'text/plain\n',
  'tëxt/plain',
  'text/plain; a="世"',
  `text/${'x'.repeat(300)}`,
])('parseMediaType refuses "%s"', (text) => {
  expect(parseMediaType(text)).toBeNull()
})

it('parseMediaType returns only printable ASCII, spaces and tabs', () => {
  const text = fc.tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }))
  fc.assert(
    fc.property(text, ([subtype, value]) => {
      const media = parseMediaType(`text/${subtype}; a="${value}"`)
      if (media !== null) expect(media.text).toMatch(/^[\t\x20-\x7e]+$/)
    }),
  )
})

it('parseMediaType refuses a long text in linear time', () => {
  const started = performance.now()
  parseMediaType(`a/b${' ; a="\\ '.repeat(31)}`)
  parseMediaType(`a/b${'\t '.repeat(120)}`)
  expect(performance.now() - started).toBeLessThan(1_000)
})
