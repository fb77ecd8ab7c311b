import { describe, expect, it } from 'vitest'
import { childPath, encodeContentPath, parentPath, parseContentPath } from './content-path.ts'

describe('parseContentPath', () => {
  it.each([
    ['', '/'],
    ['/', '/'],
    ['/a', '/a'],
    ['/a/', '/a'],
    ['/a/b.pdf', '/a/b.pdf'],
    ['/%C3%BC', '/ü'],
    ['/u%CC%88', '/ü'],
    ['/a%20b', '/a b'],
    ['/__proto__/constructor', '/__proto__/constructor'],
    ['/50%25', '/50%'],
    ['/%252e%252e', '/%2e%2e'],
    ['/object.json', '/object.json'],
    ['/children', '/children'],
  ])('reads "%s"', (encoded, path) => {
    expect(parseContentPath(encoded)).toBe(path)
  })

  it.each([
    '//',
    '/a//b',
    '/.',
    '/..',
    '/a/../b',
    '/%2e%2e',
    '/%2E%2e/etc',
    '/.hidden',
    '/a%2Fb',
    '/a%5Cb',
    '/a\\b',
    '/a%00',
    '/a%0d%0ab',
    '/%7f',
    '/%ff',
    '/%C3',
    '/%E0%A4%A',
    '/%',
    '/%ED%A0%80',
    '/@tus-upload',
    '/%40tus-upload',
    '/+add',
    '/++api++',
    '/con',
    '/CON.txt',
    '/nul',
    '/com1.tar.gz',
    '/a.',
    '/a%20',
    '/a:stream',
    `/${'a'.repeat(200)}`,
  ])('refuses "%s"', (encoded) => {
    expect(parseContentPath(encoded)).toBeNull()
  })

  it.each(['/', '/a', '/ü/b c', '/100%/x?y#z'.replace('?', '')])(
    'reads back what it encodes: %s',
    (path) => {
      expect(parseContentPath(encodeContentPath(path))).toBe(path)
    },
  )
})

it('childPath and parentPath lead down and up', () => {
  expect(childPath('/', 'a')).toBe('/a')
  expect(childPath('/a', 'b')).toBe('/a/b')
  expect(parentPath('/a/b')).toBe('/a')
  expect(parentPath('/a')).toBe('/')
  expect(parentPath('/')).toBeNull()
})
