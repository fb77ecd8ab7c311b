import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative, sep } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'

/** Paths in the order in which they were synced, and the renames between them. */
const steps: string[] = []

beforeAll(() => {
  // Another test file may have loaded the modules without the mock.
  vi.resetModules()
  vi.doMock('node:fs/promises', async (original) => {
    const real = await original<typeof import('node:fs/promises')>()
    return {
      ...real,
      open: async (...args: Parameters<typeof real.open>) => {
        const file = await real.open(...args)
        const sync = file.sync.bind(file)
        return Object.assign(file, {
          sync: async () => {
            steps.push(`sync ${String(args[0])}`)
            await sync()
          },
        })
      },
      rename: async (from: string, to: string) => {
        steps.push(`rename ${from}`)
        await real.rename(from, to)
        steps.push(`renamed ${to}`)
      },
    }
  })
})
afterAll(() => {
  vi.doUnmock('node:fs/promises')
  vi.resetModules()
})

const directories: string[] = []
afterEach(async () => {
  for (const each of directories.splice(0)) await rm(each, { recursive: true, force: true })
})

describe('a directory tree that survives a power loss', () => {
  it('syncs every directory that gained a name before it adds an object', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tusker-tree-'))
    directories.push(directory)
    const { directoryTree } = await import('./directory-tree.ts')
    const tree = directoryTree({ directory, durability: 'power-loss' })
    await tree.find('/')
    expect(steps).toContain(`sync ${directory}`)
    steps.length = 0

    const source = { length: 1, read: () => oneByte() }
    const blob = { field: 'file', mediaType: 'text/plain', fileName: null, source, upload: 'u1' }
    const names = [{ id: 'a', title: 'a' }]
    const content = { names, type: 'Folder', container: true, primaryField: 'file', blob }
    const added = await tree.add('/', content)
    if (added.kind !== 'added') throw new Error('the object was not added')

    const renamed = steps.findIndex((step) => step.startsWith('rename '))
    const temporary = steps[renamed]?.slice('rename '.length) ?? ''
    const synced = steps.slice(0, renamed).map((step) => step.slice('sync '.length))
    const { uid } = added.object
    for (const name of ['', 'children', uid, join(uid, '1'), join(uid, '1', 'record.json')]) {
      expect(synced, `"${name}" of the new object`).toContain(join(temporary, name))
    }
    expect(synced).toContain(join(directory, 'journal'))
    const own = synced.filter((path) => path.startsWith(temporary))
    const files = own.filter((path) => relative(temporary, path).split(sep).length === 3)
    expect(new Set(files).size, 'record and blob').toBe(2)
    const target = join(directory, 'root', 'children', 'a')
    expect(steps.slice(renamed + 1)).toEqual([`renamed ${target}`, `sync ${dirname(target)}`])
  })
})

async function* oneByte(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('x')
}
