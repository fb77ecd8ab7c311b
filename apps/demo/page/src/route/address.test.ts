import { expect, it } from 'vitest'
import { folderHref, LIVE_HREF, parseRoute } from './address.ts'

it.each([[[]], [['a']], [['a folder', 'über', '世界', '50% off', 'a/b', '#uploads', '?']]])(
  'the address of the folder %j leads back to it',
  (path) => {
    expect(parseRoute(folderHref(path))).toEqual({ view: 'folder', path })
  },
)

it.each([
  ['', []],
  ['#', []],
  ['#/', []],
  ['#//a//', ['a']],
  ['#/100%', ['100%']],
])('reads the fragment %j', (fragment, path) => {
  expect(parseRoute(fragment)).toEqual({ view: 'folder', path })
})

it('the list of uploads has another address than a folder with the id "uploads"', () => {
  expect(parseRoute(LIVE_HREF)).toEqual({ view: 'live' })
  expect(parseRoute(folderHref(['uploads']))).toEqual({ view: 'folder', path: ['uploads'] })
})
