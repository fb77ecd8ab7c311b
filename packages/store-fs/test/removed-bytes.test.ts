import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { TempStore } from './support/open-in-temp.ts'
import { openInTemp } from './support/open-in-temp.ts'
import { ALONE, pieces, uploadOf } from './support/uploads.ts'

const ELSEWHERE = { kind: 'accepted', location: null, response: null, keepBytes: false } as const

let opened: TempStore
beforeEach(async () => {
  opened = await openInTemp()
  await opened.store.create(uploadOf('u1', { length: 5 }))
  await opened.store.append('u1', 0, pieces('hello'), ALONE)
})
afterEach(() => opened.dispose())

const files = (): Promise<string[]> => readdir(opened.directory)

it.each([ELSEWHERE, { kind: 'rejected', message: 'no' } as const])(
  'a finished upload whose bytes are not kept has no data file: $kind',
  async (outcome) => {
    expect(await files()).toContain('u1')
    await opened.store.finish('u1', outcome, null)
    expect(await files()).not.toContain('u1')
    await expect(opened.store.exportTo('u1', join(opened.directory, 'x'))).rejects.toMatchObject({
      code: 'bytes_removed',
    })
  },
)

it('find removes a data file that a process left behind when it died after the outcome', async () => {
  await opened.store.finish('u1', ELSEWHERE, null)
  await writeFile(join(opened.directory, 'u1'), 'hello')
  expect(await opened.reopen().find('u1')).toMatchObject({ offset: 5, outcome: ELSEWHERE })
  expect(await files()).not.toContain('u1')
})
