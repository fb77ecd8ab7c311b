import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeDirectory } from './make-directory.ts'

let scratch: string
beforeEach(async () => void (scratch = await mkdtemp(join(tmpdir(), 'tusker-make-'))))
afterEach(() => rm(scratch, { recursive: true }))

it('makeDirectory creates a directory with its parents, also many at the same time', async () => {
  const path = join(scratch, 'a/b/c')
  await Promise.all(Array.from({ length: 20 }, () => makeDirectory(path)))
  await makeDirectory(path)
  expect((await stat(path)).isDirectory()).toBe(true)
})

it('makeDirectory throws where a parent is a file', async () => {
  await writeFile(join(scratch, 'file'), '')
  await expect(makeDirectory(join(scratch, 'file/a'))).rejects.toMatchObject({ code: 'ENOTDIR' })
})

it.runIf(process.platform === 'linux')(
  'makeDirectory throws where the system reports that a new directory is not found',
  async () => {
    await expect(makeDirectory('/proc/tusker/uploads')).rejects.toMatchObject({ code: 'ENOENT' })
  },
)
