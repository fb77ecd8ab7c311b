import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatMetadata, metadataText, parseMetadata } from './metadata.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('parseMetadata', () => {
  it.each([
    ['', []],
    ['   ', []],
    ['filename dGVzdC50eHQ=', [['filename', bytes('test.txt')]]],
    [
      'a YQ==,b Yg==',
      [
        ['a', bytes('a')],
        ['b', bytes('b')],
      ],
    ],
    [
      'a YQ== , b Yg==',
      [
        ['a', bytes('a')],
        ['b', bytes('b')],
      ],
    ],
    ['is_confidential', [['is_confidential', bytes('')]]],
    ['empty ', [['empty', bytes('')]]],
    ['__proto__ YQ==', [['__proto__', bytes('a')]]],
    ['constructor YQ==', [['constructor', bytes('a')]]],
    ['raw /wA=', [['raw', Uint8Array.of(255, 0)]]],
    ['caf\u00e9 YQ==', [['caf\u00e9', bytes('a')]]],
    [',', []],
    [', a YQ==', [['a', bytes('a')]]],
    [
      'a YQ==,,b Yg==,',
      [
        ['a', bytes('a')],
        ['b', bytes('b')],
      ],
    ],
  ])('parseMetadata reads "%s"', (field, pairs) => {
    expect([...(parseMetadata(field) ?? ['unreadable'])]).toEqual(pairs)
  })

  it.each([
    'a YQ==,a Yg==',
    'a  YQ==',
    'a   YQ==',
    'b Yg==,a  YQ==',
    'a Y*==',
    'a YQ== Yg==',
    'a\tYQ==',
    'a\u0000 YQ==',
    'a\u007f YQ==',
    '世 YQ==',
  ])('parseMetadata refuses "%s"', (field) => {
    expect(parseMetadata(field)).toBeNull()
  })
})

describe('formatMetadata', () => {
  it('parseMetadata reads what formatMetadata wrote', () => {
    const key = fc.stringMatching(/^[!-+\--~]{1,20}$/)
    const values = fc.uniqueArray(fc.tuple(key, fc.uint8Array()), {
      selector: ([name]) => name,
    })
    fc.assert(
      fc.property(values, (pairs) => {
        const expected = pairs.map(([name, value]) => [name, Uint8Array.from(value)])
        expect([...(parseMetadata(formatMetadata(pairs)) ?? [])]).toEqual(expected)
      }),
    )
  })

  it('parseMetadata never throws', () => {
    fc.assert(fc.property(fc.string(), (field) => void parseMetadata(field)))
  })
})

describe('metadataText', () => {
  const metadata = new Map([
    ['name', bytes('世界.txt')],
    ['raw', Uint8Array.of(255, 254)],
  ])

  it('metadataText decodes UTF-8', () => {
    expect(metadataText(metadata, 'name')).toBe('世界.txt')
  })

  it.each(['raw', 'absent'])('metadataText returns null for the key %s', (key) => {
    expect(metadataText(metadata, key)).toBeNull()
  })
})
