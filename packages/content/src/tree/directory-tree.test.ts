import { link, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { freeNames } from '../paths/names.ts'
import type { BlobSource, ContentObject, ContentTree, NewBlob, NewContent } from './content-tree.ts'
import { directoryTree } from './directory-tree.ts'

let directory: string
let tree: ContentTree

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tusker-tree-'))
  tree = directoryTree({ directory })
})
afterEach(async () => {
  vi.useRealTimers()
  await rm(directory, { recursive: true, force: true })
})

const HOUR = 60 * 60 * 1000

describe('a directory tree', () => {
  it('has a root that is a folder', async () => {
    expect(await tree.find('/')).toMatchObject({
      path: '/',
      id: '',
      type: 'Folder',
      container: true,
    })
    expect(await childIds('/')).toEqual([])
  })

  it('returns added objects with their bytes', async () => {
    const object = await added(await tree.add('/', file('test.txt', 'abcdefgh', 'u1')))
    expect(object).toMatchObject({
      path: '/test.txt',
      id: 'test.txt',
      type: 'File',
      container: false,
    })
    const found = await tree.find('/test.txt')
    expect(found).toMatchObject({
      uid: object.uid,
      primaryField: 'file',
      title: 'test.txt',
    })
    expect(found?.fields.get('file')).toMatchObject({
      length: 8,
      mediaType: 'text/plain',
    })
    expect(await text('/test.txt')).toBe('abcdefgh')
  })

  it('shows the same objects in another process', async () => {
    await tree.add('/', file('a.txt', 'kept', 'u1'))
    tree = directoryTree({ directory })
    expect(await text('/a.txt')).toBe('kept')
  })

  it('has one root for processes that start at the same time', async () => {
    const roots = await Promise.all([1, 2, 3].map(() => directoryTree({ directory }).find('/')))
    expect(new Set(roots.map((root) => root?.uid)).size).toBe(1)
    expect(await readdir(join(directory, 'root'))).toHaveLength(2)
  })

  it('gives the next free id to a second object of the same name, and overwrites nothing', async () => {
    const names = ['one', 'two', 'three']
    for (const [index, name] of names.entries())
      await tree.add('/', file('f.pdf', name, `u${index}`))
    expect(await childIds('/')).toEqual(['f-2.pdf', 'f-3.pdf', 'f.pdf'])
    expect(await Promise.all(['/f.pdf', '/f-2.pdf', '/f-3.pdf'].map((path) => text(path)))).toEqual(
      names,
    )
  })

  it('gives different ids to objects of one name that are added at the same time', async () => {
    const results = await Promise.all(
      Array.from({ length: 30 }, (_, index) => tree.add('/', file('f.pdf', 'x', `u${index}`))),
    )
    const ids = new Set((await Promise.all(results.map(added))).map(({ id }) => id))
    expect(ids.size).toBe(30)
    expect(await childIds('/')).toHaveLength(30)
  })

  it('reports that the only requested id is taken', async () => {
    await tree.add('/', folder(['docs']))
    expect(await tree.add('/', folder(['docs']))).toEqual({ kind: 'taken' })
  })

  it('holds folders in folders', async () => {
    await tree.add('/', folder(['docs']))
    await tree.add('/docs', folder(['2024']))
    await tree.add('/docs/2024', file('a.txt', 'deep', 'u1'))
    expect(await text('/docs/2024/a.txt')).toBe('deep')
    expect(await childIds('/docs')).toEqual(['2024'])
  })

  it('adds nothing to a path without a container', async () => {
    await tree.add('/', file('a.txt', 'x', 'u1'))
    for (const place of ['/nothing', '/a.txt', '/a.txt/below', '/../x', '/@x']) {
      expect(await tree.add(place, file('b.txt', 'x', 'u2'))).toEqual({
        kind: 'no_container',
      })
    }
    expect(await childIds('/a.txt')).toEqual([])
    expect(await leftovers()).toEqual([])
  })

  it.each(['__proto__', 'constructor', 'children', 'object.json', 'staging', '1', 'record.json'])(
    'holds an object called %s like any other',
    async (id) => {
      await tree.add('/', folder([id]))
      await tree.add(`/${id}`, file(id, 'data', 'u1'))
      expect(await text(`/${id}/${id}`)).toBe('data')
      expect(await childIds('/')).toEqual([id])
      expect(await tree.find(`/${id}/nothing`)).toBeNull()
    },
  )

  it.each(['/..', '/../staging', '/./x', '/a/../..', '/con', '/a\\b', '/a\0b', '//', '/ x /'])(
    'finds nothing at "%s"',
    async (path) => {
      expect(await tree.find(path)).toBeNull()
      expect(await tree.remove(path)).toBe(false)
    },
  )

  it('refuses a path that is too long for the disk, and finds nothing at it', async () => {
    let path = ''
    const id = 'x'.repeat(130)
    for (let level = 0; level < 40; level += 1) {
      const result = await tree.add(path === '' ? '/' : path, folder([id]))
      if (result.kind === 'too_deep') return
      path = (await added(result)).path
      expect(await tree.find(path)).not.toBeNull()
    }
    expect.unreachable('forty levels fitted')
  })

  it('finds nothing at a path of any length', async () => {
    expect(await tree.find('/x'.repeat(10_000))).toBeNull()
  })
})

describe('an upload that is added twice', () => {
  it('is added once', async () => {
    const [first, second] = [
      await added(await tree.add('/', file('f.txt', 'x', 'u1'))),
      await added(await directoryTree({ directory }).add('/', file('f.txt', 'x', 'u1'))),
    ]
    expect(second.path).toBe(first.path)
    expect(await childIds('/')).toEqual(['f.txt'])
  })

  it('is found at its first path, also when an earlier id has become free', async () => {
    await tree.add('/', file('f.txt', 'other', 'u0'))
    await tree.add('/', file('f.txt', 'mine', 'u1'))
    await tree.remove('/f.txt')
    expect((await added(await tree.add('/', file('f.txt', 'mine', 'u1')))).path).toBe('/f-2.txt')
    expect(await childIds('/')).toEqual(['f-2.txt'])
  })

  it('is added once by two concurrent processes', async () => {
    const trees = Array.from({ length: 8 }, () => directoryTree({ directory }))
    const results = await Promise.all(trees.map((each) => each.add('/', file('f.txt', 'x', 'u1'))))
    const paths = (await Promise.all(results.map(added))).map(({ path }) => path)
    expect(new Set(paths)).toEqual(new Set(['/f.txt']))
    expect(await childIds('/')).toEqual(['f.txt'])
  })

  it('is added again after the tree was asked to forget it', async () => {
    await tree.add('/', file('f.txt', 'x', 'u1'))
    await tree.settled?.('u1')
    expect(await readdir(join(directory, 'journal'))).toEqual([])
  })

  it('cannot lead out of the journal by its id', async () => {
    await tree.add('/', file('f.txt', 'x', '../../escape'))
    expect(await readdir(join(directory, 'journal'))).toEqual([
      expect.stringMatching(/^[\da-f]{64}$/),
    ])
  })

  it('replaces a field once, and undoes no later replacement', async () => {
    const { uid } = await added(await tree.add('/', file('f.txt', 'old', 'u1')))
    await tree.replace('/f.txt', uid, blob('first', 'u2'))
    await tree.replace('/f.txt', uid, blob('second', 'u3'))
    await tree.replace('/f.txt', uid, blob('first', 'u2'))
    expect(await text('/f.txt')).toBe('second')
  })
})

describe('replacing a field', () => {
  it('keeps the object and changes its bytes, entity tag and date', async () => {
    const before = await added(await tree.add('/', file('f.txt', 'old', 'u1')))
    const after = await tree.replace('/f.txt', before.uid, blob('newer', 'u2'))
    expect(after).toMatchObject({
      path: '/f.txt',
      uid: before.uid,
      createdAt: before.createdAt,
    })
    expect(await text('/f.txt')).toBe('newer')
    expect(after?.fields.get('file')?.length).toBe(5)
    expect(after?.fields.get('file')?.etag).not.toBe(before.fields.get('file')?.etag)
  })

  it('keeps the other fields, and removes unreferenced files from the disk', async () => {
    const { uid } = await added(await tree.add('/', file('f.txt', 'old', 'u1')))
    await tree.replace('/f.txt', uid, {
      ...blob('thumb', 'u2'),
      field: 'thumbnail',
    })
    await tree.replace('/f.txt', uid, blob('new', 'u3'))
    await tree.replace('/f.txt', uid, blob('newest', 'u4'))
    expect(await text('/f.txt', 'thumbnail')).toBe('thumb')
    expect(await text('/f.txt')).toBe('newest')
    expect((await filesOf('f.txt')).length).toBe(3)
  })

  it('loses none of many concurrent replacements', async () => {
    const { uid } = await added(await tree.add('/', file('f.txt', 'old', 'u1')))
    const fields = Array.from({ length: 12 }, (_, index) => `field${index}`)
    await Promise.all(
      fields.map((field) =>
        directoryTree({ directory }).replace('/f.txt', uid, {
          ...blob(field, field),
          field,
        }),
      ),
    )
    expect(await Promise.all(fields.map((field) => text('/f.txt', field)))).toEqual(fields)
    expect((await filesOf('f.txt')).length).toBe(14)
  })

  it('does not change another object at the same path', async () => {
    const { uid } = await added(await tree.add('/', file('f.txt', 'old', 'u1')))
    await tree.remove('/f.txt')
    await tree.add('/', file('f.txt', 'another', 'u2'))
    expect(await tree.replace('/f.txt', uid, blob('new', 'u3'))).toBeNull()
    expect(await text('/f.txt')).toBe('another')
  })

  it('keeps the old bytes for open readers, and returns null to readers that open them later', async () => {
    const object = await added(await tree.add('/', file('f.txt', 'old bytes', 'u1')))
    const field = object.fields.get('file')
    const open = await field?.open()
    await tree.replace('/f.txt', object.uid, blob('new', 'u2'))
    expect(await gather(open?.read(0, 9))).toBe('old bytes')
    await open?.close()
    expect(await field?.open()).toBeNull()
  })
})

describe('the removal of an object', () => {
  it('removes everything below it as well', async () => {
    await tree.add('/', folder(['docs']))
    await tree.add('/docs', file('a.txt', 'x', 'u1'))
    expect(await tree.remove('/docs')).toBe(true)
    expect(await tree.find('/docs')).toBeNull()
    expect(await tree.find('/docs/a.txt')).toBeNull()
    expect(await tree.remove('/docs')).toBe(false)
    expect(await leftovers()).toEqual([])
  })

  it('is not possible for the root', async () => {
    await expect(tree.remove('/')).rejects.toThrow('root')
  })
})

describe('the bytes of a blob', () => {
  it('are linked instead of copied if the source supports links', async () => {
    const source = join(directory, 'source')
    await writeFile(source, 'linked')
    const exportTo = (path: string): Promise<void> => link(source, path)
    await tree.add('/', withSource('f.txt', { ...bytes('linked'), read: unreadable, exportTo }))
    expect(await text('/f.txt')).toBe('linked')
  })

  it('are copied if linking fails or results in another length', async () => {
    const long = join(directory, 'long')
    await writeFile(long, 'copied and something behind')
    const links = [() => Promise.reject(new Error('EXDEV')), (path: string) => link(long, path)]
    for (const exportTo of links) {
      const id = `f${links.indexOf(exportTo)}`
      await tree.add('/', withSource(id, { ...bytes('copied'), exportTo }))
      expect(await text(`/${id}`)).toBe('copied')
    }
    expect(await readFile(long, 'utf8')).toBe('copied and something behind')
  })

  it('make no object if the source has fewer or more bytes, or fails', async () => {
    const failing = { length: 3, read: unreadable }
    for (const source of [
      { ...bytes('ab'), length: 3 },
      { ...bytes('abcd'), length: 3 },
      failing,
    ]) {
      await expect(tree.add('/', withSource('f.txt', source))).rejects.toThrow()
    }
    expect(await childIds('/')).toEqual([])
    expect(await leftovers()).toEqual([])
  })

  it('may be empty', async () => {
    await tree.add('/', file('empty', '', 'u1'))
    expect(await text('/empty')).toBe('')
  })

  it('can be read by range', async () => {
    const object = await added(await tree.add('/', file('f.txt', 'abcdefgh', 'u1')))
    const open = await object.fields.get('file')?.open()
    expect(await gather(open?.read(2, 5))).toBe('cde')
    await open?.close()
  })
})

describe('a sweep', () => {
  it('removes leftovers of a crash, and no file that is still being prepared', async () => {
    await tree.add('/', file('f.txt', 'x', 'u1'))
    const staging = join(directory, 'staging')
    await mkdir(join(staging, 'abandoned'))
    await mkdir(join(staging, 'growing', '1'), { recursive: true })
    await writeFile(join(staging, 'growing', '1', 'blob'), 'x')

    later(2 * HOUR)
    await utimes(join(staging, 'growing', '1', 'blob'), new Date(), new Date())
    await tree.sweep?.()
    expect(await leftovers()).toEqual(['growing'])
    expect(await readdir(join(directory, 'journal'))).toHaveLength(1)

    later(91 * 24 * HOUR)
    await tree.sweep?.()
    expect(await leftovers()).toEqual([])
    expect(await readdir(join(directory, 'journal'))).toEqual([])
    expect(await text('/f.txt')).toBe('x')
  })
})

it('a directory tree that syncs to disk adds and replaces objects', async () => {
  tree = directoryTree({ directory, durability: 'power-loss' })
  const { uid } = await added(await tree.add('/', file('f.txt', 'old', 'u1')))
  await tree.replace('/f.txt', uid, blob('new', 'u2'))
  expect(await text('/f.txt')).toBe('new')
})

async function* unreadable(): AsyncGenerator<Uint8Array> {
  throw new Error('the source failed')
}

function bytes(content: string): BlobSource {
  return {
    length: Buffer.byteLength(content),
    async *read() {
      yield Buffer.from(content)
    },
  }
}

function blob(content: string, upload: string): NewBlob {
  return {
    field: 'file',
    mediaType: 'text/plain',
    fileName: null,
    source: bytes(content),
    upload,
  }
}

function file(name: string, content: string, upload: string): NewContent {
  return {
    names: freeNames({ id: name, title: name }, 'file'),
    type: 'File',
    container: false,
    primaryField: 'file',
    blob: blob(content, upload),
  }
}

function withSource(name: string, source: BlobSource): NewContent {
  return { ...file(name, '', name), blob: { ...blob('', name), source } }
}

function folder(ids: readonly string[]): NewContent {
  return {
    names: ids.map((id) => ({ id, title: null })),
    type: 'Folder',
    container: true,
    primaryField: null,
    blob: null,
  }
}

function added(result: Awaited<ReturnType<ContentTree['add']>>): Promise<ContentObject> {
  if (result.kind === 'added') return Promise.resolve(result.object)
  throw new Error(`expected an object, got ${result.kind}`)
}

async function childIds(path: string): Promise<string[]> {
  const ids: string[] = []
  for await (const { id } of tree.children(path)) ids.push(id)
  return ids
}

async function text(path: string, name = 'file'): Promise<string> {
  const field = (await tree.find(path))?.fields.get(name)
  const open = await field?.open()
  if (field === undefined || open == null) throw new Error(`nothing in ${name} of ${path}`)
  try {
    return await gather(open.read(0, field.length))
  } finally {
    await open.close()
  }
}

async function gather(chunks: AsyncIterable<Uint8Array> | undefined): Promise<string> {
  const gathered: Uint8Array[] = []
  for await (const chunk of chunks ?? []) gathered.push(chunk)
  return Buffer.concat(gathered).toString()
}

function leftovers(): Promise<string[]> {
  return readdir(join(directory, 'staging'))
}

async function filesOf(id: string): Promise<string[]> {
  const entries = await readdir(join(directory, 'root', 'children', id), {
    recursive: true,
    withFileTypes: true,
  })
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name)
}

function later(milliseconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + milliseconds })
}
