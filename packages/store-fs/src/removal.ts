import { opendir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Disk } from './disk.ts'
import { orAbsent, syncDirectory, TEMPORARY } from './disk.ts'

/** Milliseconds after which a file that a crash left behind cannot be anybody's work in progress. */
const LEFT_BEHIND = 60 * 60 * 1000

/**
 * Takes an upload away: its record first, in one step, and from then on there is no upload. The record
 * keeps the rest in mind under another name, until that is gone, too.
 */
export async function removeUpload(disk: Disk, id: string): Promise<void> {
  const { layout, durability } = disk
  const renamed = await orAbsent(() => rename(layout.record(id), layout.removed(id)))
  if (renamed !== null && durability === 'power-loss') await syncDirectory(layout.record(id))
  await removeRest(disk, id)
}

/** Does nothing to an upload of that name that was created since. */
async function removeRest({ layout, calls }: Disk, id: string): Promise<void> {
  if ((await calls.lengthAt(layout.removed(id))) === null) return
  if ((await calls.lengthAt(layout.record(id))) === null) {
    await rm(layout.data(id), { force: true })
  }
  await rm(layout.removed(id), { force: true })
}

/** The ids of all uploads. Clears away what crashes left behind. */
export async function* listUploads(disk: Disk): AsyncGenerator<string> {
  const { layout } = disk
  const names = await orAbsent(() => opendir(layout.directory, { bufferSize: 256 }))
  if (names === null) return
  for await (const { name } of names) {
    const id = layout.idOf(name)
    if (id !== null) yield id
    else await removeLeftBehind(disk, name)
  }
}

async function removeLeftBehind(disk: Disk, name: string): Promise<void> {
  const { layout } = disk
  const [removed, ofRecord] = [layout.idOfRemoved(name), layout.idOfNext(name)]
  if (removed === null && ofRecord === null && !name.endsWith(TEMPORARY)) return
  const path = join(layout.directory, name)
  const file = await orAbsent(() => stat(path))
  if (file === null || Date.now() - file.mtimeMs < LEFT_BEHIND) return
  // As long as there is the upload, somebody may still have its record go on there.
  if (ofRecord !== null && (await orAbsent(() => stat(layout.record(ofRecord)))) !== null) return
  if (removed === null) await rm(path, { force: true })
  else await removeRest(disk, removed)
}
