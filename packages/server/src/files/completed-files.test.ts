import type { WithMetadata, UploadMetadata, UploadInfo } from '@tusker/core'
import { formatMetadata, parseMetadata } from '@tusker/core'
import type { FsStore } from '@tusker/store-fs'
import { fsStore } from '@tusker/store-fs'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { CompletedFiles } from './completed-files.ts'
import { completedFiles } from './completed-files.ts'

const { hasLinks } = vi.hoisted(() => ({ hasLinks: { value: true } }))

// A file system without links is not at hand everywhere.
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

type Complete = UploadInfo & WithMetadata<UploadMetadata>

let scratch: string
let into: string
let store: FsStore
let files: CompletedFiles

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'tusker-files-'))
  into = await mkdtemp(join(scratch, 'into-'))
  store = fsStore({ directory: join(scratch, 'uploads') })
  files = completedFiles(store, into)
})
afterEach(async () => {
  hasLinks.value = true
  await rm(scratch, { recursive: true })
})

async function upload(id: string, name: string, content = id): Promise<Complete> {
  const bytes = new TextEncoder().encode(content)
  const metadata = formatMetadata(new Map([['filename', new TextEncoder().encode(name)]]))
  await store.create({
    ...{ id, metadata, length: bytes.byteLength, owner: null, attributes: {} },
    ...{ concatenation: null, concatenationField: null, createdAt: new Date() },
  })
  await store.append(id, 0, one(bytes), { token: null })
  const found = await store.find(id)
  if (found === null) throw new Error('it is gone')
  return { ...found, parsedMetadata: parseMetadata(metadata) ?? new Map() }
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

const text = (name: string): Promise<string> => readFile(join(into, name), 'utf8')
const names = async (): Promise<string[]> =>
  (await readdir(into)).filter((name) => name !== '.tusker').sort()

describe.each([true, false])('where links are possible: %s', (links) => {
  beforeEach(() => {
    hasLinks.value = links
  })

  it('uploads appear under their own names, in place of nothing', async () => {
    await writeFile(join(into, 'a.txt'), 'mine')
    expect(await files.add(await upload('u1', 'a.txt'))).toBe('a (2).txt')
    expect(await files.add(await upload('u2', 'a.txt'))).toBe('a (3).txt')
    expect(await files.add(await upload('u3', '../a.txt'))).toBe('a (4).txt')
    expect(await files.add(await upload('u4', '..'))).toBe('u4')
    expect(await Promise.all(['a.txt', 'a (2).txt', 'a (3).txt', 'u4'].map(text))).toEqual([
      ...['mine', 'u1', 'u2', 'u4'],
    ])
  })

  it('many that want one name at a time each get their own', async () => {
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, number) => upload(`u${number}`, 'a.txt')),
    )
    const given = await Promise.all(all.map((each) => files.add(each)))
    expect(new Set(given).size).toBe(20)
    expect(await Promise.all(given.map(text))).toEqual(all.map(({ id }) => id))
  })
})

it('an upload that is added again, after a crash, finds its file', async () => {
  await writeFile(join(into, 'a.txt'), 'mine')
  const complete = await upload('u1', 'a.txt')
  expect(await files.add(complete)).toBe('a (2).txt')
  expect(await completedFiles(store, into).add(complete)).toBe('a (2).txt')
  expect(await names()).toEqual(['a (2).txt', 'a.txt'])
})

it('also when only the staged file is there, which another disk may have been slow to give', async () => {
  const complete = await upload('u1', 'a.txt')
  await files.add(complete)
  await rm(join(into, 'a.txt'))
  const { ino } = await stat(join(into, '.tusker/u1'))
  expect(await files.add(complete)).toBe('a.txt')
  expect((await stat(join(into, 'a.txt'))).ino).toBe(ino)
})

it('forgets what is recorded, and keeps what is not', async () => {
  for (const id of ['u1', 'u2', 'u3']) await files.add(await upload(id, `${id}.txt`))
  await store.finish('u1', { kind: 'accepted', location: null, response: null }, null)
  await store.remove('u3', null)
  await writeFile(join(into, '.tusker/no upload~'), '')
  await files.tidy()
  expect((await readdir(join(into, '.tusker'))).sort()).toEqual(['no upload~', 'u2'])
  await files.forget('u2')
  await files.forget('u2')
  expect(await readdir(join(into, '.tusker'))).toEqual(['no upload~'])
  expect(await names()).toEqual(['u1.txt', 'u2.txt', 'u3.txt'])
})

it('has nothing to tidy before anything was added', async () => {
  await expect(files.tidy()).resolves.toBeUndefined()
})
