import { randomUUID } from 'node:crypto'
import { access, mkdir, realpath } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { isContentId } from '../paths/content-id.ts'
import type { ContentPath } from '../paths/content-path.ts'
import { idsOf } from '../paths/content-path.ts'
import type { Disk, Durability } from './sync-files.ts'
import { disk } from './sync-files.ts'
import { orNull } from './fs-errors.ts'
import type { Journal } from './journal.ts'
import { journal } from './journal.ts'
import type { ObjectRecord } from './object-record.ts'
import type { Staging } from './staging.ts'
import { staging } from './staging.ts'
import type { Version } from './versions.ts'
import { currentVersion } from './versions.ts'
import { writeVersion } from './write-version.ts'

/** An object's place on the disk and what it holds now. */
export interface Found {
  readonly directory: string
  readonly version: Version
}

/** What the operations of a directory tree stand on. */
export interface Ground {
  readonly disk: Disk
  readonly journal: Journal
  readonly staging: Staging
  /** Where an object is or would be; null where none can be. */
  directoryOf(path: ContentPath): string | null
  read(path: ContentPath): Promise<Found | null>
}

/** Where the children of the object in `directory` are: apart from what belongs to itself. */
export function childrenOf(directory: string): string {
  return join(directory, 'children')
}

/** What Node can open, less what an object has below its own directory. */
const PATH_BYTES = (process.platform === 'darwin' ? 1024 : 4096) - 100

/** Makes a directory ready to hold a tree, the root object included. */
export async function prepareGround(base: string, durability: Durability): Promise<Ground> {
  const at = (name: string): string => join(resolve(base), name)
  const root = at('root')
  await Promise.all([
    mkdir(childrenOf(root), { recursive: true }),
    mkdir(at('staging'), { recursive: true }),
    mkdir(at('journal'), { recursive: true }),
  ])
  const ignoresCase = await exists(at('ROOT'))
  const writing = disk(durability)
  const ground: Ground = {
    disk: writing,
    journal: journal(at('journal'), writing),
    staging: staging(at('staging')),
    directoryOf: (path) => directoryBelow(root, path),
    async read(path) {
      const directory = directoryBelow(root, path)
      if (directory === null) return null
      if (ignoresCase && !(await isSpelledLikeThat(root, directory))) return null
      const version = await currentVersion(directory)
      return version === null ? null : { directory, version }
    },
  }
  await plantRoot(ground, root)
  return ground
}

/** A record for an object that begins to exist. */
export function newRecord(
  object: Pick<ObjectRecord, 'type' | 'title' | 'container' | 'primaryField'>,
): ObjectRecord {
  const now = new Date().toISOString()
  return {
    uid: randomUUID(),
    ...object,
    createdAt: now,
    modifiedAt: now,
    fields: [],
    uploads: [],
  }
}

async function plantRoot({ disk, staging }: Ground, root: string): Promise<void> {
  if ((await currentVersion(root)) !== null) return
  const folder = newRecord({
    type: 'Folder',
    title: null,
    container: true,
    primaryField: null,
  })
  // The same one for every process, so that only the first one's root appears.
  const record = { ...folder, uid: '00000000-0000-0000-0000-000000000000' }
  await staging.with(async (stage) => {
    const version = join(stage, '1')
    await mkdir(version)
    await writeVersion(disk, version, { number: 1, record }, null)
    await disk.move(stage, join(root, record.uid))
  })
}

function directoryBelow(root: string, path: ContentPath): string | null {
  // Long ones are refused before any work is done for each of their ids.
  if (path.length > PATH_BYTES) return null
  const ids = idsOf(path)
  if (!ids.every(isContentId)) return null
  const directory = ids.reduce((above, id) => join(childrenOf(above), id), root)
  return Buffer.byteLength(directory) > PATH_BYTES ? null : directory
}

/**
 * Rights are given to a path as it is spelled: where the disk ignores case, another spelling must not
 * lead to the same object.
 */
export async function isSpelledLikeThat(root: string, directory: string): Promise<boolean> {
  const [realRoot, real] = [await realpath(root), await orNull(realpath(directory))]
  if (real === null) return false
  return relative(realRoot, real).normalize('NFC') === relative(root, directory)
}

async function exists(path: string): Promise<boolean> {
  return (await orNull(access(path).then(() => true))) ?? false
}
