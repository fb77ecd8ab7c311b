import { createUploadServer } from '@tusker/core'
import { expect, it } from 'vitest'
import { fileLocker, fsStore, fsUploads } from './index.ts'

it.each([
  ['fsStore', fsStore],
  ['fileLocker', fileLocker],
  ['fsUploads', fsUploads],
] as const)(
  '%s refuses a path in place of options, a missing directory and unknown options',
  (name, make) => {
    const given = (options: unknown) => () => make(options as { directory: string })
    expect(given('./uploads')).toThrow(`${name}: pass an object`)
    expect(given({})).toThrow(`${name}: directory`)
    expect(given({ directory: './uploads', durabilty: 1 })).toThrow(`${name}: durabilty`)
  },
)

it('an upload server refuses a file locker over another directory than that of its store', () => {
  const store = fsStore({ directory: './uploads' })
  const locker = fileLocker({ directory: './locks' })
  expect(() => createUploadServer({ path: '/files', store, locker })).toThrow(
    'locker: its directory',
  )
})

it('a lease time that is no time is refused', () => {
  for (const leaseTtl of [0, -1, Number.NaN]) {
    expect(() => fsUploads({ directory: './uploads', shared: true, leaseTtl })).toThrow('leaseTtl')
  }
})
