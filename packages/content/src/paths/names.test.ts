import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ID_BYTES, isContentId, utf8Length } from './content-id.ts'
import { contentIdFor, fileNameFor, freeIds } from './names.ts'

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

  it('is valid whatever the name, and so are its variants', () => {
    const names = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme', maxLength: 300 }),
    )
    fc.assert(
      fc.property(names, (name) => {
        const ids = freeIds(contentIdFor(name, 'file'))
        for (const id of take(ids, 25)) expect(id).toSatisfy(isContentId)
      }),
    )
  })
})

describe('a free id', () => {
  it('is numbered before the extension, then random', () => {
    const ids = [...take(freeIds('file.pdf'), 25)]
    expect(ids.slice(0, 3)).toEqual(['file.pdf', 'file-1.pdf', 'file-2.pdf'])
    expect(ids.at(-1)).toMatch(/^file-[\da-f]{8}\.pdf$/)
    expect(new Set(ids).size).toBe(25)
  })
})

describe('the file name kept with the bytes', () => {
  it.each([
    ['Annual Report (final).PDF', 'Annual Report (final).PDF'],
    ['C:\\fakepath\\a.txt', 'a.txt'],
    ['a\r\nb".txt', 'ab".txt'],
    ['📷.jpg', '📷.jpg'],
    ['\u202egnp.exe', 'gnp.exe'],
    ['', null],
    ['\u0000', null],
    ['dir/', null],
  ])('of "%s" is "%s"', (name, fileName) => {
    expect(fileNameFor(name)).toBe(fileName)
  })

  it('is shortened and keeps the extension', () => {
    expect(fileNameFor(`${'x'.repeat(4096)}.pdf`)).toBe(`${'x'.repeat(196)}.pdf`)
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
