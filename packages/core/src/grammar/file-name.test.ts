import { describe, expect, it } from 'vitest'
import { fileNameOf, numberedFileNames, relativePathOf, safeFileName } from './file-name.ts'

const metadata = (...fields: readonly (readonly [string, string])[]): Map<string, Uint8Array> =>
  new Map(fields.map(([key, value]) => [key, new TextEncoder().encode(value)]))

describe('fileNameOf', () => {
  it.each<[[string, string][], string | null]>([
    [[['filename', 'a.txt']], 'a.txt'],
    [[['name', 'b.txt']], 'b.txt'],
    [[['FileName', 'c.txt']], 'c.txt'],
    [
      [
        ['name', 'b.txt'],
        ['filename', 'a.txt'],
      ],
      'a.txt',
    ],
    [[['filename', '../../etc/passwd']], 'passwd'],
    [[['filename', 'C:\\fakepath\\photo.jpg']], 'photo.jpg'],
    [[['filename', 'a\u0000\u001b[2J\n\u202eb']], 'a[2Jb'],
    [[['filename', 'e\u0301']], '\u00e9'],
    [[['filename', '\u200b']], null],
    [[['filename', ' ']], null],
    [[['filename', 'dir/']], null],
    [[], null],
  ])('fileNameOf reads %j as %j', (fields, expected) => {
    expect(fileNameOf(metadata(...fields))).toBe(expected)
  })

  it('fileNameOf ignores a value that is not UTF-8', () => {
    expect(fileNameOf(new Map([['filename', new Uint8Array([0xff, 0xfe])]]))).toBeNull()
  })
})

describe('safeFileName', () => {
  it.each<[string | null, string]>([
    ['holiday photo.jpg', 'holiday photo.jpg'],
    ['世界.txt', '世界.txt'],
    ['.htaccess', 'htaccess'],
    ['..', 'id'],
    ['...', 'id'],
    ['\u200b', 'id'],
    [null, 'id'],
    ['a/b\\c', 'a_b_c'],
    ['a<b>:"|?*.txt', 'a_b______.txt'],
    ['con', '_con'],
    ['NUL.txt', '_NUL.txt'],
    ['console.txt', 'console.txt'],
    ['name. ', 'name'],
    ['-rf', 'rf'],
    ['--checkpoint-action=exec=sh x.sh', 'checkpoint-action=exec=sh x.sh'],
    ['$(id).txt', '_(id).txt'],
    ['`id`;rm & .txt', '_id__rm _ .txt'],
    ['~root', 'root'],
    ['!x', '_x'],
    ["it's", 'it_s'],
  ])('safeFileName makes %j into %j', (name, expected) => {
    expect(safeFileName(name, 'id')).toBe(expected)
  })

  it('safeFileName keeps the extension of a long name and cuts between letters', () => {
    const name = safeFileName(`${'👨‍👩‍👧'.repeat(60)}.tar.gz`, 'id')
    expect(new TextEncoder().encode(name).byteLength).toBeLessThanOrEqual(230)
    expect(name).toMatch(/^(?:👨‍👩‍👧)+\.tar\.gz$/u)
  })

  // In quadratic time this would take minutes.
  it.each([' ', '.', '-', 'a', '\u200b', '\u200d', '/', 'é'])(
    'safeFileName and fileNameOf read 1,000,000 times %j within two seconds',
    (character) => {
      const long = character.repeat(1_000_000)
      const start = performance.now()
      safeFileName(long, 'id')
      safeFileName(`${long}x${long}`, 'id')
      fileNameOf(metadata(['filename', long]))
      expect(performance.now() - start).toBeLessThan(2_000)
    },
  )
})

describe('relativePathOf', () => {
  it.each<[string, readonly string[]]>([
    ['Trip/Day 1/a.jpg', ['Trip', 'Day 1', 'a.jpg']],
    ['../../etc/./passwd', ['etc', 'passwd']],
    ['C:\\x\\y.doc', ['C_', 'x', 'y.doc']],
    ['/.ssh/-rf/~', ['ssh', 'rf']],
    ['', []],
  ])('relativePathOf splits %j into %j', (path, expected) => {
    expect(relativePathOf(metadata(['relativePath', path]))).toEqual(expected)
  })
})

it('numberedFileNames numbers 98 names and then makes random ones', () => {
  const variants = numberedFileNames('a.tar.gz')
  const names = Array.from({ length: 101 }, () => variants.next().value)
  expect(names.slice(0, 3)).toEqual(['a.tar.gz', 'a (2).tar.gz', 'a (3).tar.gz'])
  expect(names[98]).toBe('a (99).tar.gz')
  expect(names[99]).toMatch(/^a \([0-9a-f]{8}\)\.tar\.gz$/)
  expect(new Set(names).size).toBe(101)
})
