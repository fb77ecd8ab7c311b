import { describe, expect, it } from 'vitest'
import { contentRoutes } from './content-routes.ts'

const { match, matches } = contentRoutes('/content', ['/++api++'])

describe('a URL of a content server', () => {
  it.each([
    ['/content', '/'],
    ['/content/', '/'],
    ['/content/folder', '/folder'],
    ['/content/folder/', '/folder'],
    ['/content/folder/a%20b.txt', '/folder/a b.txt'],
    ['/content/__proto__', '/__proto__'],
  ])('%s leads to the object at %s', (url, path) => {
    expect(match(url)).toEqual({ kind: 'object', base: '/content', path })
  })

  it.each([
    ['/content/folder/@tus-upload', '@tus-upload', '/folder', null],
    ['/content/folder/@tus-upload/', '@tus-upload', '/folder', null],
    ['/content/folder/@tus-upload/u1', '@tus-upload', '/folder', 'u1'],
    ['/content/folder/@tus-upload/u1/', '@tus-upload', '/folder', 'u1'],
    ['/content/folder/%40tus-upload/u1', '@tus-upload', '/folder', 'u1'],
    ['/content/folder/@tus-replace', '@tus-replace', '/folder', null],
    ['/content/@tus-upload', '@tus-upload', '/', null],
    ['/content/@tus-upload/%2e%2e', '@tus-upload', '/', '..'],
  ])('%s is about uploads', (url, service, path, id) => {
    const collection = `/content${path === '/' ? '' : path}/@tus-upload`
    expect(match(url)).toEqual({ kind: 'upload', base: '/content', service, path, collection, id })
  })

  it('keeps the spelling of the client for the URLs of its uploads', () => {
    expect(match('/content/u%cc%88/@tus-replace')).toMatchObject({
      path: '/ü',
      collection: '/content/u%cc%88/@tus-upload',
    })
  })

  it.each([
    ['/++api++/content/folder', '/++api++/content', '/folder'],
    ['/content/++api++/folder', '/content/++api++', '/folder'],
    ['/++api++/content', '/++api++/content', '/'],
  ])('%s keeps its virtual prefix', (url, base, path) => {
    expect(match(url)).toEqual({ kind: 'object', base, path })
  })

  it('can lead to the description of an object, or to a field', () => {
    expect(match('/content/f/@info')).toEqual({ kind: 'info', base: '/content', path: '/f' })
    expect(match('/content/f/@download/file')).toMatchObject({ kind: 'download', field: 'file' })
  })

  it.each([
    '/content/..',
    '/content/a//b',
    '/content/a%2fb',
    '/content/%ff',
    '/content/%00',
    '/content/++api++x',
    '/content/+add',
    '/content/f/@tus-upload/u1/more',
    '/content/f/@tus-upload/%ff',
    '/content/f/@tus-replace/u1',
    '/content/f/@nothing',
    '/content/f/@info/more',
    '/content/f/@download',
    '/content/f/@download/%ff',
    '/content/../@tus-upload',
    '/content/a%2fb/@tus-upload/u1',
    '/content/f/@tus-upload/@tus-upload/u1',
    '/content/\u00fc',
    '/content/a b',
  ])('%s leads to no object', (url) => {
    expect(match(url)).toBeNull()
    expect(matches(url)).toBe(true)
  })

  it.each(['/', '/contents', '/conten', '/other/content', '/++api++', '/++api++x/content'])(
    '%s is not of this server',
    (url) => {
      expect(matches(url)).toBe(false)
      expect(match(url)).toBeNull()
    },
  )

  it('may begin at the root', () => {
    const routes = contentRoutes('/', ['/++api++'])
    expect(routes.match('/')).toEqual({ kind: 'object', base: '', path: '/' })
    expect(routes.match('/f/@tus-upload')).toMatchObject({ collection: '/f/@tus-upload' })
    expect(routes.match('/++api++/f')).toEqual({ kind: 'object', base: '/++api++', path: '/f' })
  })

  it('needs a mount path with a leading slash', () => {
    expect(() => contentRoutes('content', [])).toThrow('slash')
    expect(() => contentRoutes('/content', ['api'])).toThrow('slash')
  })
})
