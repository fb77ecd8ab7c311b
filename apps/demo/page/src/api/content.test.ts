import { afterEach, expect, it, vi } from 'vitest'
import { readFolder, readItems } from './content.ts'

afterEach(() => void vi.unstubAllGlobals())

/** Serves a folder in parts of two items. An item is added in front once the first part is read. */
function serve(): string[] {
  const ids = ['b', 'c', 'd']
  const requests: string[] = []
  vi.stubGlobal('fetch', (target: string) => {
    requests.push(target)
    const { searchParams } = new URL(target, 'http://x')
    const start = Number(searchParams.get('b_start') ?? 0)
    const items = ids.slice(start, start + 2).map((id) => ({ id }))
    const next = start + 2 < ids.length ? `/content?b_start=${start + 2}&b_size=2` : undefined
    if (start === 0) ids.unshift('a')
    return Promise.resolve(
      new Response(JSON.stringify({ '@id': '/content', items, batching: { next } })),
    )
  })
  return requests
}

it('a long folder is read in parts, and an item that comes twice is listed once', async () => {
  const requests = serve()
  const parts: string[][] = []
  const folder = await readFolder([], new AbortController().signal, ({ items }) => {
    parts.push(items.map(({ id }) => id))
  })
  expect(folder.items.map(({ id }) => id)).toEqual(['b', 'c', 'd'])
  expect(parts).toEqual([['b', 'c']])
  expect(requests).toEqual(['content?b_size=500', '/content?b_start=2&b_size=2'])
})

it('the names that are taken in a long folder are all known', async () => {
  serve()
  expect((await readItems('/content')).map(({ id }) => id)).toEqual(['b', 'c', 'd'])
})
