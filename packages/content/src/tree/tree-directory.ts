import { access, mkdir, realpath } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { isContentId } from '../paths/content-id.ts'
import type { ContentPath } from '../paths/content-path.ts'
import { idsOf } from '../paths/content-path.ts'
import { orNull } from './fs-errors.ts'
import type { Journal } from './journal.ts'
import { journal } from './journal.ts'
import { childrenOf } from './object-directory.ts'
import { newRecord } from './object-record.ts'
import type { Staging } from './staging.ts'
import { staging } from './staging.ts'
import type { Disk, Durability } from './sync-files.ts'
import { disk } from './sync-files.ts'
import type { Version } from './versions.ts'
import { currentVersion } from './versions.ts'
import { writeVersion } from './write-version.ts'

/** An object's directory and its current version. */
export interface Found {
  readonly directory: string
  readonly version: Version
}

/** The directory that holds a tree, and the tools to work on it. */
export interface TreeDirectory {
  readonly disk: Disk
  readonly journal: Journal
  readonly staging: Staging
  /** The directory of the object at a path; null for a path that no object can have. */
  directoryOf(path: ContentPath): string | null
  read(path: ContentPath): Promise<Found | null>
}

/** Bytes that a path may have: Node reports a longer one as ENAMETOOLONG. */
const SYSTEM_PATH_BYTES = process.platform === 'darwin' ? 1024 : 4096
/** Bytes below an object's directory: its uid, a version and the name of a file. */
const OWN_FILE_BYTES = 100
/** Bytes by which a path grows when the object is moved from the root into staging. */
const STAGING_BYTES = 32
const PATH_BYTES = SYSTEM_PATH_BYTES - OWN_FILE_BYTES - STAGING_BYTES

/** Makes a directory ready to hold a tree, the root object included. */
export async function openTreeDirectory(
  base: string,
  durability: Durability,
): Promise<TreeDirectory> {
  const at = (name: string): string => join(resolve(base), name)
  const root = at('root')
  const writing = disk(durability)
  const directories = {
    disk: writing,
    journal: journal(at('journal'), writing),
    staging: staging(at('staging'), writing),
  }
  await makeRoot(directories, root)
  await mkdir(at('staging'), { recursive: true })
  await mkdir(at('journal'), { recursive: true })
  await writing.syncNames(resolve(base))
  const ignoresCase = await exists(at('ROOT'))

  return {
    ...directories,
    directoryOf: (path) => directoryBelow(root, path),
    async read(path) {
      const directory = directoryBelow(root, path)
      if (directory === null) return null
      if (ignoresCase && !(await hasSpelling(root, directory))) return null
      const version = await currentVersion(directory)
      if (version !== null) return { directory, version }
      if (path !== '/') return null
      // An operator removed the root: it is made again, as at the start.
      await makeRoot(directories, root)
      const made = await currentVersion(directory)
      return made === null ? null : { directory, version: made }
    },
  }
}

/** The root has the same uid in every process, so only the first process creates it. */
const ROOT_UID = '00000000-0000-0000-0000-000000000000'

async function makeRoot(
  { disk, staging }: Pick<TreeDirectory, 'disk' | 'staging'>,
  root: string,
): Promise<void> {
  await mkdir(childrenOf(root), { recursive: true })
  if ((await currentVersion(root)) !== null) return
  const folder = newRecord({ type: 'Folder', title: null, container: true, primaryField: null })
  const record = { ...folder, uid: ROOT_UID }
  await staging.with(async (temporary) => {
    const version = join(temporary, '1')
    await mkdir(version)
    await writeVersion(disk, version, { number: 1, record }, null)
    await disk.move(temporary, join(root, ROOT_UID))
  })
}

function directoryBelow(root: string, path: ContentPath): string | null {
  // A long path is refused before any work is done for each of its ids.
  if (path.length > PATH_BYTES) return null
  const ids = idsOf(path)
  if (!ids.every(isContentId)) return null
  const directory = ids.reduce((above, id) => join(childrenOf(above), id), root)
  return Buffer.byteLength(directory) > PATH_BYTES ? null : directory
}

/**
 * True when `directory` is spelled as on the disk. Rights belong to a path as it is spelled: on a disk
 * that ignores case, another spelling must not lead to the same object.
 */
export async function hasSpelling(root: string, directory: string): Promise<boolean> {
  const realRoot = await realpath(root)
  const real = await orNull(realpath(directory))
  if (real === null) return false
  return relative(realRoot, real).normalize('NFC') === relative(root, directory)
}

async function exists(path: string): Promise<boolean> {
  return (await orNull(access(path).then(() => true))) ?? false
}
