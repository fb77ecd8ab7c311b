import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatDisposition } from './disposition.ts'
import { dispositionFileName } from './parse-disposition.ts'

it.each([
  ['inline; filename="file name.jpg"', 'file name.jpg'],
  ['attachment; FileName = a.txt', 'a.txt'],
  [`inline; filename="x.jpg"; filename*=UTF-8''%C3%A4.jpg`, 'ä.jpg'],
  [`inline; filename*=utf-8'de'a%20b; filename=c`, 'a b'],
  ['inline; filename="a\\"b.txt"', 'a"b.txt'],
  ['inline; filename="\u00c3\u00a4.txt"', 'ä.txt'],
  ['inline; filename="\u00e4.txt"', '\u00e4.txt'],
])('dispositionFileName reads %s as %s', (field, name) => {
  expect(dispositionFileName(field)).toBe(name)
})

it.each(['', 'inline', 'inline; name=a', 'filename=a', `inline; filename*=UTF-8''%zz`])(
  'dispositionFileName returns null for "%s"',
  (field) => {
    expect(dispositionFileName(field)).toBeNull()
  },
)

it('dispositionFileName reads every name that formatDisposition wrote', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-zA-Zäöü0-9][a-zA-Zäöü0-9 ]{0,8}\.txt$/), (name) => {
      expect(dispositionFileName(formatDisposition('inline', name))).toBe(name)
    }),
  )
})
