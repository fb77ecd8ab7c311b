import { mkdir } from 'node:fs/promises'
import type { ContentPath } from '../paths/content-path.ts'
import { childPath } from '../paths/content-path.ts'
import type { Added, ContentObject, NewBlob, NewContent } from './content-tree.ts'
import type { Ground } from './tree-directory.ts'
import { childrenOf, newRecord } from './tree-directory.ts'
import { objectFrom } from './to-content-object.ts'
import type { ObjectRecord } from './object-record.ts'
import { versionDirectory } from './versions.ts'
import { writeVersion } from './write-version.ts'

/**
 * Prepares an object out of sight and moves it to the first id that is free. The move is one step,
 * and the disk refuses it where something is: nothing is overwritten, nothing is partly visible.
 */
export async function addObject(
  ground: Ground,
  container: ContentPath,
  content: NewContent,
): Promise<Added> {
  const parent = await ground.read(container)
  if (parent?.version.record.container !== true) return { kind: 'no_container' }
  const earlier = await broughtEarlier(ground, content.blob)
  if (earlier !== null) return { kind: 'added', object: earlier }

  return ground.staging.with(async (stage) => {
    const record = await prepare(ground, stage, content)
    for (const id of content.ids) {
      const path = childPath(container, id)
      const added = await appearAt(ground, path, {
        stage,
        record,
        blob: content.blob,
      })
      if (added !== null) return added
    }
    return { kind: 'taken' }
  })
}

/** What an upload became when it was brought before, by a process that died or was overtaken. */
async function broughtEarlier(ground: Ground, blob: NewBlob | null): Promise<ContentObject | null> {
  if (blob === null) return null
  const path = await ground.journal.find(blob.upload)
  return path === null ? null : broughtTo(ground, path, blob)
}

async function broughtTo(
  ground: Ground,
  path: ContentPath,
  blob: NewBlob | null,
): Promise<ContentObject | null> {
  const found = await ground.read(path)
  if (found === null || blob === null) return null
  return found.version.record.uploads.includes(blob.upload) ? objectFrom(path, found) : null
}

async function prepare(ground: Ground, stage: string, content: NewContent): Promise<ObjectRecord> {
  // Its being there is what lets an object hold others.
  if (content.container) await mkdir(childrenOf(stage))
  const { blob } = content
  const empty = newRecord({
    type: content.type,
    title: content.title,
    container: content.container,
    primaryField: content.primaryField,
  })
  const version = versionDirectory(stage, empty.uid, 1)
  await mkdir(version, { recursive: true })
  return writeVersion(ground.disk, version, { number: 1, record: empty }, blob)
}

/** Null when the path is taken by something else. */
async function appearAt(
  ground: Ground,
  path: ContentPath,
  { stage, record, blob }: { stage: string; record: ObjectRecord; blob: NewBlob | null },
): Promise<Added | null> {
  const directory = ground.directoryOf(path)
  if (directory === null) return { kind: 'too_deep' }

  if ((await ground.read(path)) === null) {
    if (blob !== null) await ground.journal.note(blob.upload, path)
    const result = await ground.disk.move(stage, directory)
    if (result === 'missing') return { kind: 'no_container' }
    if (result === 'moved') {
      return {
        kind: 'added',
        object: objectFrom(path, { directory, version: { number: 1, record } }),
      }
    }
  }
  // Taken, perhaps by this very upload in another process.
  const object = await broughtTo(ground, path, blob)
  return object === null ? null : { kind: 'added', object }
}
