import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeBase64 } from './base64.ts'
import type { BareItem } from './structured-bare-items.ts'
import { parseDictionary, parseItem } from './structured-fields.ts'

describe('parseItem', () => {
  it.each<[string, BareItem]>([
    ['0', { kind: 'integer', value: 0 }],
    ['-0', { kind: 'integer', value: -0 }],
    ['007', { kind: 'integer', value: 7 }],
    ['999999999999999', { kind: 'integer', value: 999_999_999_999_999 }],
    ['-42', { kind: 'integer', value: -42 }],
    ['1.5', { kind: 'decimal', value: 1.5 }],
    ['-123456789012.125', { kind: 'decimal', value: -123_456_789_012.125 }],
    ['?1', { kind: 'boolean', value: true }],
    ['?0', { kind: 'boolean', value: false }],
    ['"a \\"b\\" \\\\"', { kind: 'string', value: 'a "b" \\' }],
    ['""', { kind: 'string', value: '' }],
    ['a/b:c*', { kind: 'token', value: 'a/b:c*' }],
    ['*', { kind: 'token', value: '*' }],
    [':aGk=:', { kind: 'bytes', value: new TextEncoder().encode('hi') }],
    ['::', { kind: 'bytes', value: new Uint8Array() }],
    ['@1659578233', { kind: 'date', value: 1_659_578_233 }],
    ['%"f%c3%bc"', { kind: 'display-string', value: 'fü' }],
    ['  ?1  ', { kind: 'boolean', value: true }],
  ])('parseItem reads %s', (text, value) => {
    expect(parseItem(text)).toEqual({ value, parameters: new Map() })
  })

  it.each([
    '',
    ' ',
    '1234567890123456',
    '1234567890123.1',
    '1.',
    '1.2345',
    '--1',
    '+1',
    '- 1',
    '.5',
    '?',
    '?2',
    '?true',
    'true?',
    '"',
    '"a',
    '"\\a"',
    '"\u00e9"',
    "'a'",
    ':a',
    ':a',
    ':%:',
    '@',
    '@1.5',
    '%"',
    '%"%C3"',
    '%"%ff"',
    '%a',
    '1, 2',
    '1 2',
    '1;',
    '1;A',
    '1;a=',
    '(1)',
    '\t1',
    '1\t',
    '?1?1',
    '{}',
    '1;a=(2)',
    'é',
    '\u0000',
  ])('parseItem refuses "%s"', (text) => {
    expect(parseItem(text)).toBeNull()
  })

  it('parseItem uses the last value of a repeated parameter', () => {
    const { parameters } = parseItem('a;q=1;  b;*c="x";q=?0') ?? {}
    expect([...(parameters ?? [])]).toEqual([
      ['b', { kind: 'boolean', value: true }],
      ['*c', { kind: 'string', value: 'x' }],
      ['q', { kind: 'boolean', value: false }],
    ])
  })
})

describe('parseDictionary', () => {
  it('parseDictionary uses the last value of a repeated member', () => {
    const members = parseDictionary('a=1 ,\tb;x, c=(1 "two" );y=3, a=?0, d=()')
    expect([...(members?.keys() ?? [])]).toEqual(['b', 'c', 'a', 'd'])
    expect(members?.get('b')).toMatchObject({ value: { kind: 'boolean', value: true } })
    expect(members?.get('c')).toMatchObject({
      items: [{ value: { value: 1 } }, { value: { value: 'two' } }],
    })
    expect(members?.get('a')).toMatchObject({ value: { value: false } })
    expect(members?.get('d')).toMatchObject({ items: [] })
  })

  it('parseDictionary reads a dictionary without members', () => {
    expect(parseDictionary('')).toEqual(new Map())
    expect(parseDictionary('  ')).toEqual(new Map())
  })

  it.each(['a,', ',a', 'a b', 'A=1', 'a==1', 'a=', 'a=(1', 'a=(1,2)', 'a=(1"b")', '1=a', 'a;;'])(
    'parseDictionary refuses "%s"',
    (text) => {
      expect(parseDictionary(text)).toBeNull()
    },
  )
})

describe('any text', () => {
  const key = fc.stringMatching(/^[a-z*][a-z0-9_.*-]{0,5}$/)
  const bare = fc.oneof(
    fc.integer({ min: -999_999, max: 999_999 }).map((value) => ({ kind: 'integer', value })),
    fc.boolean().map((value) => ({ kind: 'boolean', value })),
    fc.stringMatching(/^[ -~]{0,8}$/).map((value) => ({ kind: 'string', value })),
    fc.stringMatching(/^[A-Za-z*][a-z0-9:/]{0,6}$/).map((value) => ({ kind: 'token', value })),
    fc.uint8Array({ maxLength: 9 }).map((value) => ({ kind: 'bytes', value })),
  ) as fc.Arbitrary<BareItem>

  it('parseDictionary reads every dictionary as it was written', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(key, bare), { selector: ([name]) => name }),
        (members) => {
          const text = members.map(([name, item]) => `${name}=${written(item)}`).join(', ')
          const read = [...(parseDictionary(text) ?? [])]
          expect(read).toEqual(
            members.map(([name, value]) => [name, { value, parameters: new Map() }]),
          )
        },
      ),
    )
  })

  it('parseItem and parseDictionary never throw', () => {
    const piece = fc.constantFrom(...'"%:@?;=,()*-. \\a1Aé\u0000')
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 3 }))), (pieces) => {
        parseItem(pieces.join(''))
        parseDictionary(pieces.join(''))
      }),
      { numRuns: 2_000 },
    )
  })
})

function written({ kind, value }: BareItem): string {
  if (kind === 'boolean') return value ? '?1' : '?0'
  if (kind === 'bytes') return `:${encodeBase64(value)}:`
  return kind === 'string' ? `"${value.replace(/["\\]/g, '\\$&')}"` : String(value)
}
