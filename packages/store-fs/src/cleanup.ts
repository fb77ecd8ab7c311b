import type { UploadRecords } from '@tusker/core'
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dataPath } from './data/data-file.ts'
import type { Disk } from './files/disk.ts'
import { isFull, namesIn, orAbsent, TEMPORARY } from './files/disk.ts'

/** Milliseconds after which a file that a crash left behind cannot be anybody's work in progress. */
const LEFT_BEHIND = 60 * 60 * 1000

/** Takes the files of uploads away that have no record any more. */
export interface Removal {
  /** Removes an upload: its record first, in one step, and from then on there is no upload. */
  remove(id: string, token: number | null): Promise<void>
  /** The ids of all uploads. Clears away what crashes left behind. */
  list(): AsyncGenerator<string>
}

export function removalFrom(disk: Disk, records: UploadRecords, areRecordsHere: boolean): Removal {
  const { layout } = disk

  /** Does nothing to an upload of that name that was created since. */
  async function removeRest(id: string): Promise<void> {
    if (await isThere(id)) {
      await rm(layout.removed(id), { force: true })
      return
    }
    if ((await orAbsent(() => stat(layout.removed(id)))) === null) return
    await rm(layout.data(id, null), { force: true })
    await rm(layout.removed(id), { force: true })
  }

  async function isThere(id: string): Promise<boolean> {
    // One that is damaged is there as well.
    return (await records.find(id).catch(() => undefined)) !== null
  }

  /** Where the bytes of an upload are, if they were moved and that can be told. */
  async function movedBytes(id: string): Promise<string | null> {
    try {
      const record = await records.find(id)
      return record === null || record.data === null ? null : dataPath(disk, record)
    } catch {
      return null
    }
  }

  async function removeLeftBehind(name: string): Promise<void> {
    const removed = layout.idOfRemoved(name)
    const owner = layout.idOfNext(name) ?? layout.idOfMoved(name)
    if (removed === null && owner === null && !name.endsWith(TEMPORARY)) return
    const path = join(layout.directory, name)
    const file = await orAbsent(() => stat(path))
    if (file === null || Date.now() - file.mtimeMs < LEFT_BEHIND) return
    // As long as there is the upload, its record may name this file, or come to.
    if (owner !== null && (await isThere(owner))) return
    if (removed === null) await rm(path, { force: true })
    else await removeRest(removed)
  }

  /** A living process writes to its file about once a second, and removes it when it is idle. */
  async function removeDeadProcesses(): Promise<void> {
    for (const name of (await orAbsent(() => readdir(layout.processes))) ?? []) {
      const path = join(layout.processes, name)
      const file = await orAbsent(() => stat(path))
      if (file !== null && Date.now() - file.mtimeMs > LEFT_BEHIND) await rm(path, { force: true })
    }
  }

  return {
    async remove(id, token) {
      const moved = await movedBytes(id)
      if (!areRecordsHere) await remind(disk, id)
      await records.remove(id, token)
      if (moved !== null) await rm(moved, { force: true })
      await removeRest(id)
    },

    async *list() {
      yield* records.list()
      for await (const name of namesIn(disk)) await removeLeftBehind(name)
      await removeDeadProcesses()
    },
  }
}

/** Notes that an upload is being removed, in case this process dies in the middle. */
async function remind({ layout }: Disk, id: string): Promise<void> {
  try {
    await mkdir(layout.directory, { recursive: true })
    await writeFile(layout.removed(id), '')
  } catch (error) {
    // The removal itself frees room, so it must not need any.
    if (!isFull(error)) throw error
  }
}
