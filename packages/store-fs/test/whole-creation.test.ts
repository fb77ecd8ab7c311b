import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FsStore } from '../src/index.ts'
import { fsStore } from '../src/index.ts'

const ACCEPTED = { kind: 'accepted', location: null, response: null } as const
const HOURS = 2 * 60 * 60

let directory: string
let store: FsStore
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'whole-creation-'))
  store = fsStore({ directory })
})
afterEach(() => rm(directory, { recursive: true, force: true }))

async function create(id: string, text: string): Promise<boolean | undefined> {
  const chunks = [Buffer.from(text)]
  const upload = {
    id,
    length: text.length,
    metadata: '',
    owner: null,
    attributes: {},
    concatenation: null,
    concatenationField: null,
    createdAt: new Date(),
  }
  return store.createWhole?.(upload, { chunks, outcome: ACCEPTED })
}

async function sweep(): Promise<string[]> {
  const ids: string[] = []
  for await (const id of store.list()) ids.push(id)
  return ids
}

describe('an upload that is created with all its bytes', () => {
  it('a whole creation of an id that exists leaves no file behind', async () => {
    expect(await create('u1', 'hello')).toBe(true)
    const before = await readdir(directory)
    expect(await create('u1', 'later')).toBe(false)
    expect(await readdir(directory)).toEqual(before)
  })

  it('the sweep removes bytes whose creator died before their record, and no others', async () => {
    await create('u1', 'hello')
    const [data = ''] = (await readdir(directory)).filter((name) => name.includes('~data-'))
    await writeFile(join(directory, 'u2~data-left'), 'left')
    const longAgo = Date.now() / 1_000 - HOURS
    for (const name of [data, 'u2~data-left']) await utimes(join(directory, name), longAgo, longAgo)
    expect(await sweep()).toEqual(['u1'])
    const left = await readdir(directory)
    expect(left).toContain(data)
    expect(left).not.toContain('u2~data-left')
  })
})
