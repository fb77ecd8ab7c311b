import { expect, it } from 'vitest'
import { folderHref, LIVE_HREF, parseRoute } from './address.ts'

it.each([[[]], [['a']], [['a folder', 'über', '世界', '50% off', 'a/b', '#uploads', '?']]])(
  'leads back to %j',
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
])('reads %j', (fragment, path) => {
  expect(parseRoute(fragment)).toEqual({ view: 'folder', path })
})

it('tells the list of uploads from a folder that is called so', () => {
  expect(parseRoute(LIVE_HREF)).toEqual({ view: 'live' })
  expect(parseRoute(folderHref(['uploads']))).toEqual({ view: 'folder', path: ['uploads'] })
})
