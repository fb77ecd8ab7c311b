import { rm } from 'node:fs/promises'
import type { ContentPath } from '../paths/content-path.ts'
import type { ContentObject, NewBlob } from './content-tree.ts'
import type { Found, TreeDirectory } from './tree-directory.ts'
import { toContentObject } from './to-content-object.ts'
import { currentVersion, removeOldVersions, versionDirectory } from './versions.ts'
import { writeVersion } from './write-version.ts'

const ATTEMPTS = 50

/**
 * Adds the next version of an object, which differs in one field. Of two writers that add the same
 * version, one succeeds, because the disk accepts one directory of that name. The other one retries.
 */
export async function replaceField(
  files: TreeDirectory,
  path: ContentPath,
  uid: string,
  blob: NewBlob,
): Promise<ContentObject | null> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const found = await files.read(path)
    if (found?.version.record.uid !== uid) return null
    if (found.version.record.uploads.includes(blob.upload)) {
      await removeOldVersions(found.directory, found.version)
      return toContentObject(path, found)
    }
    await addVersion(files, found, blob)
  }
  throw new Error('other writers replaced the object too often')
}

/** One attempt. The caller reads the object again to see whether it succeeded. */
async function addVersion(
  files: TreeDirectory,
  { directory, version }: Found,
  blob: NewBlob,
): Promise<void> {
  const next = { number: version.number + 1, record: version.record }
  const home = versionDirectory(directory, version.record.uid, next.number)
  const moved = await files.staging.with(async (temporary) => {
    await writeVersion(files.disk, temporary, next, blob)
    return files.disk.move(temporary, home)
  })
  if (moved !== 'moved') return
  // A process that was suspended meanwhile may add a number that was used and removed long ago.
  const latest = await currentVersion(directory)
  if (latest?.record.uploads.includes(blob.upload) === false) {
    await rm(home, { recursive: true, force: true })
  }
}
