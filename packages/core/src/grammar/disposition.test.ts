import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatDisposition } from './disposition.ts'

it.each([
  ['test.txt', 'attachment; filename="test.txt"'],
  ['two words.txt', 'attachment; filename="two words.txt"'],
  ['a;b,c=d.txt', 'attachment; filename="a;b,c=d.txt"'],
  ['.htaccess', 'attachment; filename=".htaccess"'],
  ['résumé.pdf', `attachment; filename="resume.pdf"; filename*=UTF-8''r%C3%A9sum%C3%A9.pdf`],
  ['世界.txt', `attachment; filename="__.txt"; filename*=UTF-8''%E4%B8%96%E7%95%8C.txt`],
  ['😀.png', `attachment; filename="_.png"; filename*=UTF-8''%F0%9F%98%80.png`],
  ['a"b.txt', `attachment; filename="a_b.txt"; filename*=UTF-8''a%22b.txt`],
  ['50%41.txt', `attachment; filename="50_41.txt"; filename*=UTF-8''50%2541.txt`],
  [`é'(*).txt`, `attachment; filename="e'(*).txt"; filename*=UTF-8''%C3%A9%27%28%2A%29.txt`],
  ['a\r\nset-cookie: b=c', 'attachment; filename="a__set-cookie: b=c"'],
  ['a\0b\x7fc\x85d', 'attachment; filename="a_b_c_d"'],
  ['../../etc/passwd', 'attachment; filename=".._.._etc_passwd"'],
  ['C:\\fakepath\\a.txt', 'attachment; filename="C:_fakepath_a.txt"'],
  ['exe.\u202egpj.exe', 'attachment; filename="exe._gpj.exe"'],
  ['a\u2066b\u2069c\u2028d', 'attachment; filename="a_b_c_d"'],
  ['a\ud800b\udc00c', 'attachment; filename="a_b_c"'],
])('formatDisposition writes %j', (fileName, field) => {
  expect(formatDisposition('attachment', fileName)).toBe(field)
})

it.each([null, '', '.', '..', ' ', ' . '])(
  'formatDisposition leaves out the name %j',
  (fileName) => {
    expect(formatDisposition('inline', fileName)).toBe('inline')
  },
)

it('formatDisposition cuts a long name before its extension', () => {
  expect(formatDisposition('inline', `${'a'.repeat(4096)}.jpeg`)).toBe(
    `inline; filename="${'a'.repeat(250)}.jpeg"`,
  )
  expect(nameIn(formatDisposition('inline', `${'世'.repeat(4096)}.txt`))).toBe(
    `${'世'.repeat(83)}.txt`,
  )
  expect(nameIn(formatDisposition('inline', `${'😀'.repeat(4096)}`))).toBe('😀'.repeat(63))
  expect(nameIn(formatDisposition('inline', `a.${'b'.repeat(4096)}`))).toBe(`a.${'b'.repeat(253)}`)
})

const anyName = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc
    .array(
      fc.constantFrom(
        '\r',
        '\n',
        '\0',
        '"',
        '\\',
        '\ud83d',
        '\ude00',
        '\u202e',
        '.',
        'é',
        "'",
        '%',
      ),
    )
    .map((characters) => characters.join('')),
)

it('formatDisposition writes a well-formed field for every name', () => {
  const value = String.raw`[!#$&+.^_\x60|~0-9A-Za-z-]|%[0-9A-F]{2}`
  const grammar = new RegExp(
    String.raw`^inline(?:; filename="[\x20\x21\x23-\x5b\x5d-\x7e]+"(?:; filename\*=UTF-8''(?:${value})+)?)?$`,
  )
  fc.assert(
    fc.property(anyName, (name) => {
      const field = formatDisposition('inline', name)
      expect(field).toMatch(grammar)
      expect(field.length).toBeLessThan(1_200)
    }),
  )
})

it('formatDisposition keeps every safe name as it is', () => {
  const fit = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    .filter((name) => !/[\p{Cc}\p{Surrogate}\u2028-\u202e\u2066-\u2069/\\]/u.test(name))
    .filter((name) => !/^[.\s]*$/.test(name) && new TextEncoder().encode(name).byteLength <= 255)
  fc.assert(
    fc.property(fit, (name) => {
      expect(nameIn(formatDisposition('attachment', name))).toBe(name)
    }),
  )
})

function nameIn(field: string): string | undefined {
  const extended = /filename\*=UTF-8''(.*)$/.exec(field)?.[1]
  return extended === undefined ? /filename="(.*)"$/.exec(field)?.[1] : decodeURIComponent(extended)
}
