import { describe, expect, it } from 'vitest'
import { fixedRoute } from './routes.ts'

describe('fixedRoute', () => {
  it.each([
    ['/files', { collection: '/files', id: null }],
    ['/files/', { collection: '/files', id: null }],
    ['/files/a1', { collection: '/files', id: 'a1' }],
    ['/files/a1/', { collection: '/files', id: 'a1' }],
    ['/files/a1//', { collection: '/files', id: 'a1/' }],
    ['/files/a1/b', { collection: '/files', id: 'a1/b' }],
    ['/files/..', { collection: '/files', id: '..' }],
  ])('fixedRoute matches %s', (path, route) => {
    expect(fixedRoute('/files').match(path)).toEqual(route)
    expect(fixedRoute('/files/').match(path)).toEqual(route)
  })

  it.each(['/', '/file', '/filesystem', '/x/files', ''])(
    'fixedRoute does not match "%s"',
    (path) => {
      expect(fixedRoute('/files').match(path)).toBeNull()
    },
  )

  it('fixedRoute accepts the root as its path', () => {
    expect(fixedRoute('/').match('/a1')).toEqual({ collection: '', id: 'a1' })
    expect(fixedRoute('/').match('/')).toEqual({ collection: '', id: null })
  })

  it('fixedRoute refuses a path without a leading slash', () => {
    expect(() => fixedRoute('files')).toThrow('must begin with a slash')
  })
})
