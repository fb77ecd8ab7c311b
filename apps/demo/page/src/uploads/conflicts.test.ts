import { expect, it } from 'vitest'
import type { Item } from '../api/types.ts'
import type { NamedFile } from './conflicts.ts'
import { findConflicts } from './conflicts.ts'
import { Folders } from './folders.ts'

/** Folders as they are on the server: names by URL. */
class KnownFolders extends Folders {
  readonly #names: Readonly<Record<string, readonly string[]>>

  constructor(names: Readonly<Record<string, readonly string[]>>) {
    super()
    this.#names = names
  }

  override items(url: string): Promise<readonly Item[]> {
    const names = this.#names[url] ?? []
    return Promise.resolve(
      names.map((name) => {
        const child = `${url}/${name}`
        return { '@id': child, id: name, title: name, is_folderish: child in this.#names }
      }) as unknown as Item[],
    )
  }
}

const folders = new KnownFolders({
  '/content': ['notes.txt', 'notes (2).txt', 'Deep'],
  '/content/Deep': ['one.txt'],
})

const nothingUnderWay = (): string[] => []

function files(...paths: readonly string[]): NamedFile[] {
  return paths.map((path) => {
    const names = path.split('/')
    const name = names.pop() ?? ''
    return { id: path, name, folderUrl: '/content', folders: names }
  })
}

it('reports a file with the name of an existing object, and the name that is free', async () => {
  const { conflicts, renamed } = await findConflicts(
    files('new.txt', 'notes.txt'),
    folders,
    nothingUnderWay,
  )
  expect(conflicts).toMatchObject([
    { id: 'notes.txt', freeName: 'notes (3).txt', existing: { '@id': '/content/notes.txt' } },
  ])
  expect(renamed.size).toBe(0)
})

it('looks into the existing folders that dropped folders are merged with', async () => {
  const { conflicts } = await findConflicts(
    files('Deep/one.txt', 'Deep/two.txt', 'Deep/sub/one.txt', 'Other/notes.txt'),
    folders,
    nothingUnderWay,
  )
  expect(conflicts).toMatchObject([{ id: 'Deep/one.txt', folders: ['Deep'] }])
})

it('reports a file with the name of an upload that is under way, which cannot be replaced', async () => {
  const underWay = (url: string): string[] => (url === '/content' ? ['begun.txt'] : [])
  const { conflicts } = await findConflicts(files('begun.txt'), folders, underWay)
  expect(conflicts).toMatchObject([{ id: 'begun.txt', existing: null }])
})

it('numbers files of one batch that have the same name', async () => {
  const [first, second] = files('twice.txt', 'twice.txt')
  const batch = [first, { ...second, id: 'second' }] as NamedFile[]
  const { conflicts, renamed } = await findConflicts(batch, folders, nothingUnderWay)
  expect(conflicts).toEqual([])
  expect(renamed).toEqual(new Map([['second', 'twice (2).txt']]))
})
