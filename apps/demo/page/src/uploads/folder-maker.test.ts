import { afterEach, expect, it, vi } from 'vitest'
import { FolderMaker } from './folder-maker.ts'

afterEach(() => void vi.unstubAllGlobals())

interface Wish {
  readonly id?: string
  readonly title: string
}

/** Answers requests as `answer` says, and notes them. */
function serve(answer: (url: string, body: Wish) => [number, object]): string[] {
  const asked: string[] = []
  vi.stubGlobal('fetch', async (url: string, { body }: { body: string }) => {
    const wish = JSON.parse(body) as Wish
    asked.push(`${url} ${wish.id ?? `called ${wish.title}`}`)
    const [status, json] = answer(url, wish)
    return new Response(JSON.stringify(json), { status })
  })
  return asked
}

it('makes each folder once, from the top', async () => {
  const asked = serve((url, { id }) => [201, { '@id': `${url}/${String(id)}` }])
  const folders = new FolderMaker()
  const urls = await Promise.all([
    folders.ensure('/content', ['a', 'b']),
    folders.ensure('/content', ['a', 'b']),
    folders.ensure('/content', ['a']),
    folders.ensure('/content', []),
  ])
  expect(urls).toEqual(['/content/a/b', '/content/a/b', '/content/a', '/content'])
  expect(asked).toEqual(['/content a', '/content/a b'])
})

it('goes into a folder that is there already', async () => {
  serve(() => [409, { error: { code: 'id_taken', message: 'taken' } }])
  expect(await new FolderMaker().ensure('/content', ['é x'])).toBe('/content/%C3%A9%20x')
})

it('gives a folder whose name can be no id that name as a title', async () => {
  serve((_, { id }) => (id === undefined ? [201, { '@id': '/content/free' }] : [400, {}]))
  expect(await new FolderMaker().ensure('/content', ['@strange'])).toBe('/content/free')
})

it('tries again for the next file what failed for one', async () => {
  let fails = true
  serve((url) => (fails ? [403, {}] : [201, { '@id': `${url}/a` }]))
  const folders = new FolderMaker()
  await expect(folders.ensure('/content', ['a'])).rejects.toMatchObject({ status: 403 })
  fails = false
  expect(await folders.ensure('/content', ['a'])).toBe('/content/a')
})
