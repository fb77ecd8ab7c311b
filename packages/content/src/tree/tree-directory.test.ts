import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { hasSpelling, openTreeDirectory } from './tree-directory.ts'

let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tusker-files-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

it('a tree finds an object only by the exact spelling of its path, also on a disk that ignores case', async () => {
  const { directoryOf } = await openTreeDirectory(directory, 'process-crash')
  const root = directoryOf('/') ?? ''
  const children = join(root, 'children')
  // A link stands in for a disk that ignores case.
  await symlink(root, join(children, 'OTHER'))
  expect(await hasSpelling(root, root)).toBe(true)
  expect(await hasSpelling(root, join(children, 'OTHER'))).toBe(false)
  expect(await hasSpelling(root, join(children, 'nothing'))).toBe(false)
})

it('a tree has no place for an invalid path', async () => {
  const { directoryOf } = await openTreeDirectory(directory, 'process-crash')
  for (const path of [
    '/..',
    '/a/../b',
    '/.',
    '//',
    '/a\\b',
    '/con',
    '/@x',
    `/${'x'.repeat(300)}`,
  ]) {
    expect(directoryOf(path)).toBeNull()
  }
  expect(directoryOf('/a/b')).toBe(join(directory, 'root', 'children', 'a', 'children', 'b'))
})
