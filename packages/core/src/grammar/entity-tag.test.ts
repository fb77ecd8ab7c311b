import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseEntityTags, sameTagStrongly, sameTagWeakly } from './entity-tag.ts'

it.each<[string, readonly string[] | '*']>([
  ['*', '*'],
  [' * ', '*'],
  ['"a"', ['"a"']],
  ['""', ['""']],
  ['W/"a"', ['W/"a"']],
  ['"a","b"', ['"a"', '"b"']],
  ['"a" ,\tW/"b" , "c"', ['"a"', 'W/"b"', '"c"']],
  ['"a,b", "c\\"', ['"a,b"', '"c\\"']],
  [',, "a" ,,', ['"a"']],
  ['"\xe9"', ['"\xe9"']],
])('parseEntityTags reads %s', (field, tags) => {
  expect(parseEntityTags(field)).toEqual(tags)
})

it.each([
  '',
  ',',
  'a',
  '"a',
  'a"',
  'w/"a"',
  'W/a',
  'W/ "a"',
  '"a" "b"',
  '"a b"',
  '"a", *',
  '*, *',
  '"a";',
])('parseEntityTags refuses "%s"', (field) => {
  expect(parseEntityTags(field)).toBeNull()
})

it('sameTagWeakly ignores whether tags are weak, and sameTagStrongly does not', () => {
  expect(sameTagWeakly('W/"a"', '"a"')).toBe(true)
  expect(sameTagWeakly('W/"a"', 'W/"a"')).toBe(true)
  expect(sameTagWeakly('"a"', '"b"')).toBe(false)
  expect(sameTagStrongly('"a"', '"a"')).toBe(true)
  expect(sameTagStrongly('W/"a"', 'W/"a"')).toBe(false)
  expect(sameTagStrongly('W/"a"', '"a"')).toBe(false)
})

it('parseEntityTags reads every list of tags', () => {
  const tag = fc
    .tuple(fc.constantFrom('', 'W/'), fc.stringMatching(/^[\x21\x23-\x7e\x80-\xff]*$/))
    .map(([weak, opaque]) => `${weak}"${opaque}"`)
  const separator = fc.constantFrom(',', ', ', ' ,\t', ',,')
  fc.assert(
    fc.property(fc.array(tag, { minLength: 1 }), separator, (tags, comma) => {
      expect(parseEntityTags(tags.join(comma))).toEqual(tags)
    }),
  )
})
