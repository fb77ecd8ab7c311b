import { mkdir } from 'node:fs/promises'
import type { ContentPath } from '../paths/content-path.ts'
import { childPath } from '../paths/content-path.ts'
import type { Added, ContentObject, NewBlob, NewContent } from './content-tree.ts'
import { isMissing, isTaken } from './fs-errors.ts'
import { childrenOf } from './object-directory.ts'
import type { ObjectRecord } from './object-record.ts'
import { newRecord } from './object-record.ts'
import { toContentObject } from './to-content-object.ts'
import type { TreeDirectory } from './tree-directory.ts'
import { versionDirectory } from './versions.ts'
import { placeBlob, writeRecord } from './write-version.ts'

/** An object in a temporary directory, about to be moved into the tree. */
interface Draft {
  readonly temporary: string
  readonly record: ObjectRecord
  readonly blob: NewBlob | null
}

/**
 * Prepares an object in a temporary directory and moves it to the first free id. The move is one step,
 * and the disk refuses it when something is there: nothing is overwritten or visible in part.
 */
export async function addObject(
  files: TreeDirectory,
  container: ContentPath,
  content: NewContent,
): Promise<Added> {
  const parent = await files.read(container)
  if (parent?.version.record.container !== true) return { kind: 'no_container' }
  const earlier = await addedEarlier(files, content.blob)
  if (earlier !== null) return { kind: 'added', object: earlier }

  return files.staging.with(async (temporary) => {
    const { blob } = content
    const untitled = await prepare(files, temporary, content)
    let written: ObjectRecord | null = null
    for (const { id, title } of content.names) {
      const record: ObjectRecord = { ...untitled, title }
      if (written?.title !== title) {
        await writeRecord(files.disk, versionDirectory(temporary, record.uid, 1), record)
        written = record
      }
      const added = await appearAt(files, container, id, { temporary, record, blob })
      if (added !== null) return added
    }
    return { kind: 'taken' }
  })
}

/** The object that the same upload became earlier, in a process that died or lost its lease. */
async function addedEarlier(
  files: TreeDirectory,
  blob: NewBlob | null,
): Promise<ContentObject | null> {
  if (blob === null) return null
  const path = await files.journal.find(blob.upload)
  return path === null ? null : addedAt(files, path, blob)
}

async function addedAt(
  files: TreeDirectory,
  path: ContentPath,
  blob: NewBlob | null,
): Promise<ContentObject | null> {
  const found = await files.read(path)
  if (found === null || blob === null) return null
  return found.version.record.uploads.includes(blob.upload) ? toContentObject(path, found) : null
}

/** Returns the record of the object, which the caller writes with a title. */
async function prepare(
  files: TreeDirectory,
  temporary: string,
  { type, container, primaryField, blob }: NewContent,
): Promise<ObjectRecord> {
  // An object with this directory can hold others.
  if (container) await mkdir(childrenOf(temporary))
  const empty = newRecord({ type, title: null, container, primaryField })
  const version = versionDirectory(temporary, empty.uid, 1)
  await mkdir(version, { recursive: true })
  return placeBlob(files.disk, version, { number: 1, record: empty }, blob)
}

/** Null when something else is at the path. */
async function appearAt(
  files: TreeDirectory,
  container: ContentPath,
  id: string,
  { temporary, record, blob }: Draft,
): Promise<Added | null> {
  const path = childPath(container, id)
  const directory = files.directoryOf(path)
  if (directory === null) return { kind: 'too_deep' }

  if ((await files.read(path)) === null) {
    if (blob !== null) await files.journal.note(blob.upload, path)
    const result = await moveInto(files, container, { temporary, directory })
    if (result === 'missing') return { kind: 'no_container' }
    if (result === 'moved') {
      const object = toContentObject(path, { directory, version: { number: 1, record } })
      return { kind: 'added', object }
    }
  }
  // Something is there, perhaps this very upload, added by another process.
  const object = await addedAt(files, path, blob)
  return object === null ? null : { kind: 'added', object }
}

async function moveInto(
  { disk, directoryOf }: TreeDirectory,
  container: ContentPath,
  { temporary, directory }: { readonly temporary: string; readonly directory: string },
): Promise<'moved' | 'taken' | 'missing'> {
  const result = await disk.move(temporary, directory)
  const parent = directoryOf(container)
  if (result !== 'missing' || parent === null) return result
  // An operator may have removed the empty directory of children. If the container itself is gone,
  // this fails too.
  return (await makeDirectory(childrenOf(parent))) ? disk.move(temporary, directory) : 'missing'
}

/** False when the directory around it is not there. */
async function makeDirectory(path: string): Promise<boolean> {
  try {
    await mkdir(path)
    return true
  } catch (error) {
    if (isMissing(error)) return false
    if (isTaken(error)) return true
    throw error
  }
}
