import { createUploadServer } from '@tusker/core'
import { expect, it } from 'vitest'
import { memoryRecords } from '../test/support/memory-records.ts'
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
    expect(given({})).toThrow(`${name}: directory is missing`)
    expect(given({ directory: './uploads', durabilty: 1 })).toThrow('no option `durabilty`')
    expect(given({ directory: './uploads', disk: 'lokal' })).toThrow(`${name}: disk must be`)
  },
)

it('an upload server refuses a file locker over another directory than that of its store', () => {
  const store = fsStore({ directory: './uploads' })
  const locker = fileLocker({ directory: './locks' })
  expect(() => createUploadServer({ path: '/files', store, locker })).toThrow(
    'locker: its directory',
  )
})

it('an upload server refuses a file locker with a store whose records are elsewhere', () => {
  const store = fsStore({ directory: './uploads', records: memoryRecords() })
  const locker = fileLocker({ directory: './uploads' })
  expect(() => createUploadServer({ path: '/files', store, locker })).toThrow(
    'locker: its directory',
  )
})

it.each([0, -1, 99, Number.NaN, Number.POSITIVE_INFINITY, '50ms', 'soon'])(
  'fsUploads and fileLocker refuse a lease time of %s',
  (leaseTtl) => {
    const directory = './uploads'
    expect(() => fsUploads({ directory, shared: true, leaseTtl })).toThrow('leaseTtl must be')
    expect(() => fileLocker({ directory, leaseTtl })).toThrow('leaseTtl must be')
  },
)

it('fsUploads and fileLocker take a lease time as text', () => {
  fsUploads({ directory: './uploads', shared: true, leaseTtl: '2s' })
  fileLocker({ directory: './uploads', leaseTtl: '2s' })
})

it('a store names the locker that belongs to it, and none if its records are elsewhere', () => {
  const { store, locker } = fsUploads({ directory: './uploads', shared: true })
  expect(store.defaultLocker).toBe(locker)
  expect(
    fsStore({ directory: './uploads', records: memoryRecords() }).defaultLocker,
  ).toBeUndefined()
})
