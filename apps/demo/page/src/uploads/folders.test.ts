import { afterEach, expect, it, vi } from 'vitest'
import { Folders } from './folders.ts'

afterEach(() => void vi.unstubAllGlobals())

interface Wanted {
  readonly id?: string
  readonly title: string
}

/** Folders that exist: ids and titles by the URL of their parent. */
type Existing = Readonly<Record<string, readonly { readonly id: string; readonly title: string }[]>>

/** Serves `existing`, answers creations as `create` says, and returns the list of requests. */
function serve(
  create: (url: string, wanted: Wanted) => [number, object],
  existing: Existing = {},
): string[] {
  const requests: string[] = []
  vi.stubGlobal('fetch', async (target: string, { body }: { body?: string }) => {
    const [url = ''] = target.split('?')
    if (body === undefined) {
      requests.push(`read ${url}`)
      const items = (existing[url] ?? []).map(({ id, title }) => ({
        '@id': `${url}/${id}`,
        id,
        title,
        is_folderish: true,
      }))
      return new Response(JSON.stringify({ items }))
    }
    const wanted = JSON.parse(body) as Wanted
    requests.push(`make ${url} ${wanted.id ?? `titled ${wanted.title}`}`)
    const [status, json] = create(url, wanted)
    return new Response(JSON.stringify(json), { status })
  })
  return requests
}

const created = (url: string, { id }: Wanted): [number, object] => [
  201,
  { '@id': `${url}/${String(id)}` },
]

it('makes each folder of a batch once, from the top', async () => {
  const requests = serve(created)
  const folders = new Folders()
  const urls = await Promise.all([
    folders.ensure('/content', ['a', 'b']),
    folders.ensure('/content', ['a', 'b']),
    folders.ensure('/content', ['a']),
    folders.ensure('/content', []),
  ])
  expect(urls).toEqual(['/content/a/b', '/content/a/b', '/content/a', '/content'])
  expect(requests.filter((request) => request.startsWith('make'))).toEqual([
    'make /content a',
    'make /content/a b',
  ])
})

it('uses an existing folder with the same id, or else with the same title', async () => {
  const existing = {
    '/content': [
      { id: 'Summer-2026', title: 'Summer 2026' },
      { id: 'b', title: 'a' },
      { id: 'a', title: 'z' },
    ],
  }
  const requests = serve(created, existing)
  const folders = new Folders()
  expect(await folders.ensure('/content', ['Summer 2026'])).toBe('/content/Summer-2026')
  expect(await folders.ensure('/content', ['a'])).toBe('/content/a')
  expect(requests).toEqual(['read /content'])
})

it('finds existing folders without making any', async () => {
  const requests = serve(created, { '/content': [{ id: 'a', title: 'a' }] })
  const folders = new Folders()
  expect(await folders.find('/content', ['a'])).toBe('/content/a')
  expect(await folders.find('/content', ['a', 'b'])).toBeNull()
  expect(await folders.find('/content', [])).toBe('/content')
  expect(requests).toEqual(['read /content', 'read /content/a'])
})

it('uses a folder that another client has just made', async () => {
  serve(() => [409, { error: { code: 'id_taken', message: 'taken' } }])
  expect(await new Folders().ensure('/content', ['é x'])).toBe('/content/%C3%A9%20x')
})

it('makes a folder with the name as its title when the name cannot be an id', async () => {
  serve((_, { id }) => (id === undefined ? [201, { '@id': '/content/free' }] : [400, {}]))
  expect(await new Folders().ensure('/content', ['@strange'])).toBe('/content/free')
})

it('makes a folder for the next file when that failed for the one before', async () => {
  let fails = true
  serve((url) => (fails ? [403, {}] : [201, { '@id': `${url}/a` }]))
  const folders = new Folders()
  await expect(folders.ensure('/content', ['a'])).rejects.toMatchObject({ status: 403 })
  fails = false
  expect(await folders.ensure('/content', ['a'])).toBe('/content/a')
})

it('takes a folder that may not be viewed for an empty one', async () => {
  vi.stubGlobal('fetch', async () => new Response('{}', { status: 403 }))
  expect(await new Folders().items('/content/inbox')).toEqual([])
})
