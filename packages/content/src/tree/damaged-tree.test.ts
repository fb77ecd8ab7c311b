import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Added, ContentTree, NewContent } from './content-tree.ts'
import { directoryTree } from './directory-tree.ts'

let directory: string
let tree: ContentTree

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tusker-tree-'))
  tree = directoryTree({ directory })
})
afterEach(() => rm(directory, { recursive: true, force: true }))

function folder(id: string): NewContent {
  const names = [{ id, title: null }]
  return { names, type: 'Folder', container: true, primaryField: null, blob: null }
}

function file(id: string): NewContent {
  const source = { length: 1, read: () => oneByte() }
  const blob = {
    field: 'file',
    mediaType: 'text/plain',
    fileName: null,
    source,
    upload: `of-${id}`,
  }
  return {
    names: [{ id, title: null }],
    type: 'File',
    container: false,
    primaryField: 'file',
    blob,
  }
}

async function* oneByte(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('x')
}

describe('a directory tree whose directories an operator removed', () => {
  it.each(['staging', 'journal'])('adds, removes and sweeps without "%s"', async (name) => {
    await tree.add('/', folder('before'))
    await rmdir(join(directory, name))
    expect((await tree.add('/', file('a.txt'))).kind).toBe('added')
    await rm(join(directory, name), { recursive: true })
    expect(await tree.remove('/before')).toBe(true)
    expect(await tree.find('/before')).toBeNull()
    await rm(join(directory, name), { recursive: true, force: true })
    await tree.sweep?.()
  })

  it('adds to a folder whose empty directory of children was removed', async () => {
    await tree.add('/', folder('team'))
    await rmdir(join(directory, 'root', 'children', 'team', 'children'))
    expect((await tree.add('/team', file('a.txt'))).kind).toBe('added')
  })

  it('has a root again after all of it was removed', async () => {
    await tree.add('/', folder('team'))
    await rm(directory, { recursive: true })
    expect(await tree.find('/')).toMatchObject({ path: '/', container: true })
    expect((await tree.add('/', file('a.txt'))).kind).toBe('added')
  })
})

describe('a directory tree of the greatest depth', () => {
  async function deepest(): Promise<string> {
    let path = '/'
    const long = 'x'.repeat(140)
    for (let depth = 0; depth < 100; depth += 1) {
      let added: Added = await tree.add(path, folder(long))
      for (let bytes = 139; added.kind === 'too_deep' && bytes > 0; bytes -= 1) {
        added = await tree.add(path, folder(long.slice(0, bytes)))
      }
      if (added.kind !== 'added') return path
      path = added.object.path
    }
    throw new Error('the tree takes any depth')
  }

  it('can be removed', async () => {
    const path = await deepest()
    expect(path.length).toBeGreaterThan(600)
    const [, top = ''] = path.split('/')
    expect(await tree.remove(`/${top}`)).toBe(true)
    expect(await readdir(join(directory, 'staging'))).toEqual([])
  })

  it('can be removed where paths are too long, as an earlier version allowed them', async () => {
    await deepest()
    // One move makes every path below it longer than the system takes.
    const staged = join(directory, 'staging', 'y'.repeat(200))
    const [top = ''] = await readdir(join(directory, 'root', 'children'))
    await rename(join(directory, 'root', 'children', top), staged)
    const other = join(directory, 'staging', 'z')
    await mkdir(other)
    for (const path of [staged, other]) await utimes(path, 0, 0)
    await expect(sweepInTwoHours()).resolves.toBeUndefined()
    expect(await readdir(join(directory, 'staging'))).toEqual([])
  })

  async function sweepInTwoHours(): Promise<void> {
    const now = Date.now
    Date.now = () => now() + 2 * 60 * 60 * 1000
    try {
      await tree.sweep?.()
    } finally {
      Date.now = now
    }
  }
})

describe('the record of an object', () => {
  it.each([
    '../../../../../secret',
    '/etc/passwd',
    'x/1/y',
    '00000000-0000-0000-0000-000000000000/1/../../../../secret',
  ])('cannot lead a reader to the file "%s"', async (name) => {
    await tree.add('/', file('a.txt'))
    const home = join(directory, 'root', 'children', 'a.txt')
    const [uid = ''] = await readdir(home)
    const path = join(home, uid, '1', 'record.json')
    const record = JSON.parse(await readFile(path, 'utf8'))
    record.fields[0].file = name
    await writeFile(path, JSON.stringify(record))
    await expect(tree.find('/a.txt')).rejects.toThrow('damaged')
  })
})
