import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ID_BYTES, isContentId, utf8Length } from './content-id.ts'
import { contentIdFor, freeNames, shortFileName } from './names.ts'

describe('the id of content', () => {
  it.each([
    ['file.pdf', 'file.pdf'],
    ['test.txt', 'test.txt'],
    ['Annual Report (final).PDF', 'Annual-Report-final.PDF'],
    ['Übersicht.pdf', 'Übersicht.pdf'],
    ['U\u0308bersicht.pdf', 'Übersicht.pdf'],
    ['日本語.txt', '日本語.txt'],
    ['हिन्दी.txt', 'हिन्दी.txt'],
    ['C:\\fakepath\\photo.jpg', 'photo.jpg'],
    ['../../etc/passwd', 'passwd'],
    ['..', 'file'],
    ['', 'file'],
    ['/', 'file'],
    ['...', 'file'],
    ['.pdf', 'pdf'],
    ['.htaccess', 'htaccess'],
    ['@tus-upload', 'tus-upload'],
    ['++api++', 'api++'],
    ['%2e%2e', '2e-2e'],
    ['%00', '00'],
    ['a\u0000b.txt', 'a-b.txt'],
    ['a\r\nSet-Cookie: x.txt', 'a-Set-Cookie-x.txt'],
    ['__proto__', '__proto__'],
    ['constructor', 'constructor'],
    ['con', '_con'],
    ['CON.txt', '_CON.txt'],
    ['nul.tar.gz', '_nul.tar.gz'],
    ['📷.jpg', 'file.jpg'],
    ['\ud800.txt', 'file.txt'],
    ['a<b>:"|?*.txt', 'a-b.txt'],
    ['name.', 'name'],
    ['name .txt', 'name.txt'],
    ['\u202egnp.exe', 'gnp.exe'],
  ])('of "%s" is "%s"', (name, id) => {
    expect(contentIdFor(name, 'file')).toBe(id)
  })

  it('is shortened and keeps the extension', () => {
    const id = contentIdFor(`${'ä'.repeat(4096)}.pdf`, 'file')
    expect(id).toMatch(/^ä+\.pdf$/)
    expect(utf8Length(id)).toBeLessThan(ID_BYTES)
    expect(utf8Length(id)).toBeGreaterThan(ID_BYTES - 20)
  })

  it.each(['.', '-', ' ', '\u3164'])(
    'is made in linear time of 200,000 times "%s"',
    (character) => {
      const begin = process.cpuUsage()
      contentIdFor(`x${character.repeat(200_000)}x`, 'file')
      const { user, system } = process.cpuUsage(begin)
      // Quadratic work takes minutes here.
      expect((user + system) / 1000).toBeLessThan(2_000)
    },
  )

  it.each([
    ['\u3164a.txt', 'a.txt'],
    ['te\u200bam', 'team'],
    ['a\ufe0fb\u00adc', 'abc'],
  ])('of "%s" has no invisible characters', (name, id) => {
    expect(contentIdFor(name, 'file')).toBe(id)
  })

  it('is valid for any name, and so are its variants', () => {
    const names = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme', maxLength: 300 }),
    )
    fc.assert(
      fc.property(names, (name) => {
        const variants = freeNames({ id: contentIdFor(name, 'file'), title: name }, 'file')
        for (const { id } of take(variants, 25)) expect(id).toSatisfy(isContentId)
      }),
    )
  })
})

describe('the names to try for content', () => {
  it('number the id and the title of a file before the extension, then get random', () => {
    const names = [...take(freeNames({ id: 'notes.txt', title: 'notes.txt' }, 'file'), 25)]
    expect(names.slice(0, 3)).toEqual([
      { id: 'notes.txt', title: 'notes.txt' },
      { id: 'notes-2.txt', title: 'notes (2).txt' },
      { id: 'notes-3.txt', title: 'notes (3).txt' },
    ])
    expect(names.at(-1)?.id).toMatch(/^notes-[\da-f]{8}\.txt$/)
    expect(new Set(names.map(({ id }) => id)).size).toBe(25)
  })

  it('number the title of a container at its end, also with dots in it', () => {
    const [, second] = take(freeNames({ id: 'v1.2', title: 'v1.2' }, 'container'), 2)
    expect(second).toEqual({ id: 'v1-2.2', title: 'v1.2 (2)' })
  })
})

describe('a short file name', () => {
  it('keeps the extension of a long one', () => {
    expect(shortFileName(`${'x'.repeat(4096)}.pdf`)).toBe(`${'x'.repeat(196)}.pdf`)
  })
})

function* take<Value>(values: Iterable<Value>, count: number): Generator<Value> {
  let left = count
  for (const value of values) {
    if (left === 0) return
    left -= 1
    yield value
  }
}
