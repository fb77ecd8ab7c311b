import { memoryStore } from '@tusker/store-memory'
import { expect, it } from 'vitest'
import type { ContentServerOptions, DirectoryTreeOptions } from '../src/index.ts'
import { basicAccess, contentServer, directoryTree } from '../src/index.ts'

const tree = directoryTree({ directory: './unused' })
const access = basicAccess({ users: {}, rights: {} })
const store = memoryStore()

it.each([
  [{ store, access }, /contentServer: tree is missing/],
  [{ tree, access, store: {} }, /contentServer: store must be a store that can read/],
  [{ tree, store }, /contentServer: access is missing/],
  [{ tree, store, access, expireAfter: 'soon' }, /expireAfter must be .*, not "soon"/],
  [{ tree, store, access, maxSize: 5 }, /there is no option `maxSize`/],
])('contentServer refuses options that are missing or not valid: %#', (options, message) => {
  expect(() => contentServer(options as unknown as ContentServerOptions)).toThrow(message)
})

it.each([
  [{}, /directoryTree: directory is missing/],
  [{ directory: 'x', durability: 'none' }, /directoryTree: durability must be/],
  [{ directory: 'x', path: 'y' }, /directoryTree: there is no option `path`/],
])('directoryTree refuses the options %j', (options, message) => {
  expect(() => directoryTree(options as DirectoryTreeOptions)).toThrow(message)
})
