import type { UploadRecords } from '@tusker/core'
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dataPath } from './data/data-file.ts'
import type { Disk } from './files/disk.ts'
import { isFull, namesIn, orAbsent, TEMPORARY } from './files/disk.ts'

/** Milliseconds without a write after which a leftover file cannot be in use by a running operation. */
const LEFT_BEHIND = 60 * 60 * 1000

/** Removes uploads, and the files that remain after their records are gone. */
export interface Removal {
  /** Removes an upload. Its record goes first, in one step: from then on the upload does not exist. */
  remove(id: string, token: number | null): Promise<void>
  /** Lists the ids of all uploads. Also removes the files that crashes left behind. */
  list(): AsyncGenerator<string>
}

export function removalFrom(disk: Disk, records: UploadRecords, areRecordsHere: boolean): Removal {
  const { layout } = disk

  /** Removes the remaining files of a removed upload, unless a new upload has the same id. */
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
    // A damaged upload exists as well.
    return (await records.find(id).catch(() => undefined)) !== null
  }

  /** The path of an upload's data file if its record names one; null if not, or if the record is damaged. */
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
    // A look at the record is the cheapest, and nearly every such file belongs to an upload that exists.
    if (owner !== null && areRecordsHere && (await disk.calls.lengthAt(layout.record(owner))))
      return
    const path = join(layout.directory, name)
    const file = await orAbsent(() => stat(path))
    if (file === null || Date.now() - file.mtimeMs < LEFT_BEHIND) return
    // While the upload exists, its record may name this file, now or later.
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

/** Notes that a removal has begun, so that the sweep can complete it if this process dies. */
async function remind({ layout }: Disk, id: string): Promise<void> {
  try {
    await mkdir(layout.directory, { recursive: true })
    await writeFile(layout.removed(id), '')
  } catch (error) {
    // A removal frees space, so it must work without free space.
    if (!isFull(error)) throw error
  }
}
