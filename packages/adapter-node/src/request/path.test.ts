import { expect, it } from 'vitest'
import { pathOf } from '../index.ts'
import { queryOf } from './path.ts'

it.each([
  ['/', '/'],
  ['/files/a?x=1', '/files/a'],
  ['/files/a#x', '/files/a'],
  ['/files/%2e%2e', '/files/%2e%2e'],
  ['//host/x', '//host/x'],
  ['http://host/files/a?x', '/files/a'],
  ['HTTPS://host:1/files', '/files'],
])('reads %s', (target, path) => {
  expect(pathOf(target)).toBe(path)
})

it.each([undefined, '', '*', 'http://', 'http://host', 'files', 'ftp://host/x', '?x'])(
  'has no path for %s',
  (target) => {
    expect(pathOf(target)).toBeNull()
  },
)

it.each([
  ['/a?b=1&c', 'b=1&c'],
  ['/a?b=?#c?d', 'b=?'],
  ['/a', ''],
  ['/a#b?c', ''],
  ['http://x/a?b', 'b'],
])('the query of %s is "%s"', (target, query) => {
  expect(queryOf(target)).toBe(query)
})
