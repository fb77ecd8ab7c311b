import type { UploadInfo, WithMetadata } from '@tusker/core'
import { formatMetadata } from '@tusker/core'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FsStore } from '../fs-store.ts'
import { fsStore } from '../fs-store.ts'
import type { SaveAsOptions } from './save-as.ts'
import { saveAs } from './save-as.ts'

const { hasLinks } = vi.hoisted(() => ({ hasLinks: { value: true } }))

// Not every machine has a file system without links.
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>()
  return {
    ...real,
    async link(from: string, to: string): Promise<void> {
      if (!hasLinks.value) throw Object.assign(new Error('no links here'), { code: 'EPERM' })
      await real.link(from, to)
    },
  }
})

type Complete = UploadInfo & WithMetadata<unknown>

let scratch: string
let directory: string
let store: FsStore

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'tusker-save-as-'))
  directory = join(scratch, 'files')
  store = fsStore({ directory: join(scratch, 'uploads') })
})
afterEach(async () => {
  hasLinks.value = true
  await rm(scratch, { recursive: true })
})

/** Saves an upload and returns the name of its file. */
async function save(upload: Complete, options: Partial<SaveAsOptions> = {}): Promise<string> {
  let saved = ''
  await saveAs(store, { directory, onSaved: ({ name }) => void (saved = name), ...options })(upload)
  return saved
}

async function upload(id: string, filename: string, path?: string): Promise<Complete> {
  const bytes = new TextEncoder().encode(id)
  const relative = path === undefined ? [] : ([['relativePath', path]] as const)
  await store.create({
    id,
    metadata: formatMetadata([['filename', filename], ...relative]),
    length: bytes.byteLength,
    owner: null,
    attributes: {},
    concatenation: null,
    concatenationField: null,
    createdAt: new Date(),
  })
  async function* body(): AsyncGenerator<Uint8Array> {
    yield bytes
  }
  await store.append(id, 0, body(), { token: null })
  const found = await store.find(id)
  if (found === null) throw new Error(`upload ${id} is missing`)
  return { ...found, parsedMetadata: null }
}

const text = (name: string): Promise<string> => readFile(join(directory, name), 'utf8')
const names = async (): Promise<string[]> =>
  (await readdir(directory)).filter((name) => name !== '.tusker').sort()
const staged = (): Promise<string[]> => readdir(join(directory, '.tusker'))

describe.each([
  ['with links', true],
  ['without links', false],
])('saveAs on a file system %s', (_title, links) => {
  beforeEach(() => {
    hasLinks.value = links
  })

  it('saveAs numbers a name that is taken and replaces no file', async () => {
    expect(await save(await upload('u0', 'a.txt'))).toBe('a.txt')
    expect(await save(await upload('u1', 'a.txt'))).toBe('a (2).txt')
    expect(await save(await upload('u2', '../a.txt'))).toBe('a (3).txt')
    expect(await save(await upload('u3', '..'))).toBe('u3')
    expect(await Promise.all((await names()).map(text))).toEqual(['u1', 'u2', 'u0', 'u3'])
  })

  it('saveAs gives each of 20 uploads that want one name at the same time its own', async () => {
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, number) => upload(`u${number}`, 'a.txt')),
    )
    const given = await Promise.all(all.map((each) => save(each)))
    expect(new Set(given).size).toBe(20)
    expect(await Promise.all(given.map(text))).toEqual(all.map(({ id }) => id))
  })

  it.each(['number', 'replace', 'reject'] as const)(
    'saveAs with conflict %s saves one file when it runs again after a crash',
    async (conflict) => {
      const complete = await upload('u1', 'a.txt')
      expect(await save(complete, { conflict })).toBe('a.txt')
      expect(await save(complete, { conflict })).toBe('a.txt')
      expect(await names()).toEqual(['a.txt'])
      expect(await text('a.txt')).toBe('u1')
    },
  )

  it('saveAs with conflict replace replaces the other file', async () => {
    await save(await upload('u1', 'a.txt'), { conflict: 'replace' })
    await save(await upload('u2', 'a.txt'), { conflict: 'replace' })
    expect(await names()).toEqual(['a.txt'])
    expect(await text('a.txt')).toBe('u2')
  })

  it('saveAs with conflict reject rejects the upload and keeps the other file', async () => {
    await save(await upload('u1', 'a.txt'), { conflict: 'reject' })
    const second = save(await upload('u2', 'a.txt'), { conflict: 'reject' })
    await expect(second).rejects.toMatchObject({ code: 'rejected' })
    expect(await text('a.txt')).toBe('u1')
  })
})

it('saveAs finishes a move that a crash interrupted, on a file system without links', async () => {
  hasLinks.value = false
  const complete = await upload('u1', 'a.txt')
  await save(complete)
  // The state between the note and the move: an empty file has the name, the bytes are still staged.
  await store.exportTo('u1', join(directory, '.tusker/u1'))
  await writeFile(join(directory, 'a.txt'), '')
  expect(await save(complete)).toBe('a.txt')
  expect(await text('a.txt')).toBe('u1')
  expect(await names()).toEqual(['a.txt'])
})

it('saveAs uses the staged file of an earlier run and exports the upload once', async () => {
  const complete = await upload('u1', 'a.txt')
  await save(complete)
  await rm(join(directory, 'a.txt'))
  const { ino } = await stat(join(directory, '.tusker/u1'))
  expect(await save(complete)).toBe('a.txt')
  expect((await stat(join(directory, 'a.txt'))).ino).toBe(ino)
})

it('saveAs with relativePath saves the files of a dropped folder in safe folders', async () => {
  const options = { relativePath: true }
  expect(await save(await upload('u1', 'a.txt', 'Trip/Day 1/a.txt'), options)).toBe(
    'Trip/Day 1/a.txt',
  )
  expect(await save(await upload('u2', 'a.txt', 'Trip/Day 1/a.txt'), options)).toBe(
    'Trip/Day 1/a (2).txt',
  )
  expect(await save(await upload('u3', 'a.txt', '../.tusker/x.txt'), options)).toBe('tusker/x.txt')
  const below = save(await upload('u4', 'a.txt', 'Trip/Day 1/a.txt/b.txt'), options)
  await expect(below).rejects.toMatchObject({ code: 'rejected' })
})

it('saveAs removes staged files once their outcome is recorded or their upload is gone', async () => {
  for (const id of ['u1', 'u2', 'u3']) await save(await upload(id, `${id}.txt`))
  await store.finish('u1', { kind: 'accepted', location: null, response: null }, null)
  await store.remove('u3', null)
  await writeFile(join(directory, '.tusker/not an upload'), '')
  // After a crash the next start tidies.
  saveAs(store, { directory })
  await expect.poll(staged).toEqual(['not an upload', 'u2'])
  expect(await names()).toEqual(['u1.txt', 'u2.txt', 'u3.txt'])
})

it('saveAs returns what onSaved returns as the result of the hook', async () => {
  const hook = saveAs(store, { directory, onSaved: ({ name }) => ({ location: `/saved/${name}` }) })
  expect(await hook(await upload('u1', 'a.txt'))).toEqual({ location: '/saved/a.txt' })
})

it.each([
  [{ directory: '' }, 'saveAs: directory must be the path of a directory'],
  [
    { directory: 'x', conflict: 'skip' },
    "saveAs: conflict must be 'number' or 'replace' or 'reject'",
  ],
  [{ directory: 'x', keepBytes: 'no' }, 'saveAs: keepBytes must be true or false'],
  [{ directory: 'x', folder: 'y' }, 'saveAs: there is no option `folder`'],
])('saveAs refuses the options %j when it is created', (options, message) => {
  expect(() => saveAs(store, options as unknown as SaveAsOptions)).toThrow(message)
})

it('saveAs with keepBytes false lets the store remove the bytes of the upload', async () => {
  const kept = await saveAs(store, { directory })(await upload('u1', 'a.txt'))
  expect(kept?.keepBytes).toBeUndefined()
  const moved = await saveAs(store, { directory, keepBytes: false })(await upload('u2', 'b.txt'))
  expect(moved).toEqual({ keepBytes: false })
  await store.finish(
    'u2',
    { kind: 'accepted', location: null, response: null, keepBytes: false },
    null,
  )
  expect(await readFile(join(directory, 'b.txt'), 'utf8')).toBe('u2')
  expect(await readdir(join(scratch, 'uploads'))).not.toContain('u2')
})
