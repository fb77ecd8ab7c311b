import { expect, it } from 'vitest'
import { mountOf } from '../index.ts'

const at = (path: string): { matches(candidate: string): boolean } => ({
  matches: (candidate) => candidate === path || candidate.startsWith(`${path}/`),
})

it.each([
  ['/files', '/files/a?x', '/files/a?x', { path: '/files/a', prefix: '' }],
  ['/files', '/files/a', '/api/v1/files/a', { path: '/files/a', prefix: '/api/v1' }],
  ['/api/files', '/files/a', '/api/files/a', { path: '/api/files/a', prefix: '' }],
  ['', '/', '/files', { path: '/', prefix: '/files' }],
  ['', '/a', '/files/a', { path: '/a', prefix: '/files' }],
  ['/api/files', '/a', '/api/files/a', { path: '/api/files/a', prefix: '' }],
  ['/files', '/files/a', '/old/place', { path: '/files/a', prefix: '' }],
])('a handler at %s is asked for %s, of %s', (path, left, whole, mount) => {
  expect(mountOf(at(path), left, whole)).toEqual(mount)
})

it.each([
  ['/files', '/other', '/other'],
  ['/files', '*', '*'],
  ['/files', undefined, undefined],
])('a handler at %s has nothing to do with %s', (path, left, whole) => {
  expect(mountOf(at(path), left, whole)).toBeNull()
})
