import { rm } from 'node:fs/promises'
import type { ContentPath } from '../paths/content-path.ts'
import type { ContentObject, NewBlob } from './content-tree.ts'
import type { Found, Ground } from './tree-directory.ts'
import { objectFrom } from './to-content-object.ts'
import { currentVersion, removeOldVersions, versionDirectory } from './versions.ts'
import { writeVersion } from './write-version.ts'

const ATTEMPTS = 50

/**
 * Adds the next version of an object, which differs in one field. Two that add the same version
 * cannot both: the disk lets one directory of that name appear, and the other begins again.
 */
export async function replaceField(
  ground: Ground,
  path: ContentPath,
  uid: string,
  blob: NewBlob,
): Promise<ContentObject | null> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const found = await ground.read(path)
    if (found?.version.record.uid !== uid) return null
    if (found.version.record.uploads.includes(blob.upload)) {
      await removeOldVersions(found.directory, found.version)
      return objectFrom(path, found)
    }
    await addVersion(ground, found, blob)
  }
  throw new Error('an object was replaced too often by others')
}

/** Tries to; whether it succeeded is what the next look tells. */
async function addVersion(
  ground: Ground,
  { directory, version }: Found,
  blob: NewBlob,
): Promise<void> {
  const next = { number: version.number + 1, record: version.record }
  const home = versionDirectory(directory, version.record.uid, next.number)
  const moved = await ground.staging.with(async (stage) => {
    await writeVersion(ground.disk, stage, next, blob)
    return ground.disk.move(stage, home)
  })
  if (moved !== 'moved') return
  // A process that was stopped in between may add a number that was used and removed long ago.
  const latest = await currentVersion(directory)
  if (latest?.record.uploads.includes(blob.upload) === false) {
    await rm(home, { recursive: true, force: true })
  }
}
