import { checkOptions, optionRules } from '@tusker/core'
import { readdir } from 'node:fs/promises'
import type { ContentPath } from '../paths/content-path.ts'
import { childPath } from '../paths/content-path.ts'
import { addObject } from './add-object.ts'
import type { ContentObject, ContentTree } from './content-tree.ts'
import type { Durability } from './sync-files.ts'
import { orNull } from './fs-errors.ts'
import type { TreeDirectory } from './tree-directory.ts'
import { childrenOf } from './object-directory.ts'
import { openTreeDirectory } from './tree-directory.ts'
import { toContentObject } from './to-content-object.ts'
import { replaceField } from './replace-field.ts'

/** How a directory tree is set up. */
export interface DirectoryTreeOptions {
  /** The tree's directory, on one file system. Several processes may share it. */
  readonly directory: string
  /** `process-crash`, the default, or `power-loss`, which also syncs to disk and is slower. */
  readonly durability?: Durability
}

const HOUR = 60 * 60 * 1000
/** Milliseconds. No object is prepared for so long without a byte. */
const ABANDONED_TEMPORARY = HOUR
/** Milliseconds. No server is down for so long and then still completes an upload. */
const OLD_NOTE = 90 * 24 * HOUR

/**
 * A content tree in a directory. The directory is created at the first use.
 *
 * @throws TypeError when an option is missing, unknown or not valid
 */
export function directoryTree(options: DirectoryTreeOptions): ContentTree {
  checkOptions('directoryTree', options, {
    directory: optionRules.required({ ...optionRules.text, allowed: 'the path of a directory' }),
    durability: optionRules.oneOf('process-crash', 'power-loss'),
  })
  let opened: Promise<TreeDirectory> | null = null
  function files(): Promise<TreeDirectory> {
    opened ??= openTreeDirectory(options.directory, options.durability ?? 'process-crash').catch(
      (error: unknown) => {
        opened = null
        throw error
      },
    )
    return opened
  }

  return {
    find: async (path) => find(await files(), path),
    async childIds(path) {
      return idsAt(await files(), path)
    },
    async *children(path) {
      yield* childrenAt(await files(), path)
    },
    add: async (container, content) => addObject(await files(), container, content),
    replace: async (path, uid, blob) => replaceField(await files(), path, uid, blob),
    async remove(path) {
      if (path === '/') throw new Error('the root of a tree cannot be removed')
      const { directoryOf, staging, read } = await files()
      const directory = directoryOf(path)
      if (directory === null || (await read(path)) === null) return false
      return staging.discard(directory)
    },
    settled: async (upload) => (await files()).journal.forget(upload),
    async sweep() {
      const { staging, journal } = await files()
      const results = await Promise.allSettled([
        staging.removeOld(ABANDONED_TEMPORARY),
        journal.forgetOld(OLD_NOTE),
      ])
      const failed = results.find((result) => result.status === 'rejected')
      if (failed !== undefined) throw failed.reason
    },
  }
}

async function find(files: TreeDirectory, path: ContentPath): Promise<ContentObject | null> {
  const found = await files.read(path)
  return found === null ? null : toContentObject(path, found)
}

async function* childrenAt(files: TreeDirectory, path: ContentPath): AsyncGenerator<ContentObject> {
  for (const id of await idsAt(files, path)) {
    const child = await find(files, childPath(path, id))
    if (child !== null) yield child
  }
}

async function idsAt(files: TreeDirectory, path: ContentPath): Promise<readonly string[]> {
  const directory = files.directoryOf(path)
  const names = directory === null ? null : await orNull(readdir(childrenOf(directory)))
  return (names ?? []).map((name) => name.normalize('NFC')).sort()
}
