import { readdir } from 'node:fs/promises'
import type { ContentPath } from '../paths/content-path.ts'
import { childPath } from '../paths/content-path.ts'
import { addObject } from './add-object.ts'
import type { ContentObject, ContentTree } from './content-tree.ts'
import type { Durability } from './sync-files.ts'
import { orNull } from './fs-errors.ts'
import type { Ground } from './tree-directory.ts'
import { childrenOf, prepareGround } from './tree-directory.ts'
import { objectFrom } from './to-content-object.ts'
import { replaceField } from './replace-field.ts'

/** How a directory tree is set up. */
export interface DirectoryTreeOptions {
  /** Everything is kept below it, on one file system. Several processes may share it. */
  readonly directory: string
  /** `process-crash`, the default, or also `power-loss`, which syncs to disk and takes its time. */
  readonly durability?: Durability
}

const HOUR = 60 * 60 * 1000
/** Longer than any preparation goes without a byte. */
const ABANDONED_STAGE = HOUR
/** Longer than a server stays down and then still has an upload to bring to its end. */
const FORGOTTEN_NOTE = 90 * 24 * HOUR

/** A content tree in a directory. It is made when it is first used. */
export function directoryTree(options: DirectoryTreeOptions): ContentTree {
  let prepared: Promise<Ground> | null = null
  function ground(): Promise<Ground> {
    prepared ??= prepareGround(options.directory, options.durability ?? 'process-crash').catch(
      (error: unknown) => {
        prepared = null
        throw error
      },
    )
    return prepared
  }

  return {
    find: async (path) => find(await ground(), path),
    async *children(path) {
      yield* childrenAt(await ground(), path)
    },
    add: async (container, content) => addObject(await ground(), container, content),
    replace: async (path, uid, blob) => replaceField(await ground(), path, uid, blob),
    async remove(path) {
      if (path === '/') throw new Error('the root of a tree cannot be removed')
      const { directoryOf, staging, read } = await ground()
      const directory = directoryOf(path)
      if (directory === null || (await read(path)) === null) return false
      return staging.discard(directory)
    },
    settled: async (upload) => (await ground()).journal.forget(upload),
    async sweep() {
      const { staging, journal } = await ground()
      await staging.removeOld(ABANDONED_STAGE)
      await journal.forgetOld(FORGOTTEN_NOTE)
    },
  }
}

async function find(ground: Ground, path: ContentPath): Promise<ContentObject | null> {
  const found = await ground.read(path)
  return found === null ? null : objectFrom(path, found)
}

async function* childrenAt(ground: Ground, path: ContentPath): AsyncGenerator<ContentObject> {
  const directory = ground.directoryOf(path)
  const names = directory === null ? null : await orNull(readdir(childrenOf(directory)))
  const ids = (names ?? []).map((name) => name.normalize('NFC')).sort()
  for (const id of ids) {
    const child = await find(ground, childPath(path, id))
    if (child !== null) yield child
  }
}
