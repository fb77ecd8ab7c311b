import { describe, expect, it } from 'vitest'
import { fileNameFor, nameIn, variantsOf } from './file-name.ts'

const metadata = (...fields: readonly (readonly [string, string])[]): Map<string, Uint8Array> =>
  new Map(fields.map(([key, value]) => [key, new TextEncoder().encode(value)]))

describe('what a client calls a file', () => {
  it.each<[[string, string][], string | null]>([
    [[['filename', 'a.txt']], 'a.txt'],
    [[['name', 'b.txt']], 'b.txt'],
    [
      [
        ['name', 'b.txt'],
        ['filename', 'a.txt'],
      ],
      'a.txt',
    ],
    [[['filename', '../../etc/passwd']], 'passwd'],
    [[['filename', 'C:\\x\\y.doc']], 'y.doc'],
    [[['filename', 'a\u0000\u001b[2J\n\u202eb']], 'a[2Jb'],
    [[['filename', 'e\u0301']], '\u00e9'],
    [[['filename', ' ']], null],
    [[['filename', 'dir/']], null],
    [[], null],
  ])('%j is %j', (fields, expected) => {
    expect(nameIn(metadata(...fields))).toBe(expected)
  })

  it('is nothing when it is no text', () => {
    expect(nameIn(new Map([['filename', new Uint8Array([0xff, 0xfe])]]))).toBeNull()
  })
})

describe('the name of a file', () => {
  it.each<[string | null, string]>([
    ['holiday photo.jpg', 'holiday photo.jpg'],
    ['世界.txt', '世界.txt'],
    ['.htaccess', 'htaccess'],
    ['..', 'id'],
    ['...', 'id'],
    [null, 'id'],
    ['a<b>:"|?*.txt', 'a_b______.txt'],
    ['con', '_con'],
    ['NUL.txt', '_NUL.txt'],
    ['console.txt', 'console.txt'],
    ['name. ', 'name'],
  ])('for %j is %j', (name, expected) => {
    expect(fileNameFor(name, 'id')).toBe(expected)
  })

  it('is of bearable length, with its extension and without half a letter', () => {
    const name = fileNameFor(`${'👨‍👩‍👧'.repeat(60)}.tar.gz`, 'id')
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(230)
    expect(name).toMatch(/^(?:👨‍👩‍👧)+\.tar\.gz$/u)
  })
})

it('has variants for names that are taken', () => {
  const variants = variantsOf('a.tar.gz')
  const names = Array.from({ length: 101 }, () => variants.next().value)
  expect(names.slice(0, 3)).toEqual(['a.tar.gz', 'a (2).tar.gz', 'a (3).tar.gz'])
  expect(names[98]).toBe('a (99).tar.gz')
  expect(names[99]).toMatch(/^a \([0-9a-f]{8}\)\.tar\.gz$/)
  expect(new Set(names).size).toBe(101)
})
