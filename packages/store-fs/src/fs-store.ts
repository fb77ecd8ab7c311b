import type { OptionalOperation, StoreWith, UploadInfo, UploadRecords } from '@tusker/core'
import { resolve } from 'node:path'
import { appending } from './appending.ts'
import { inPlace, pooled } from './calls.ts'
import { assertHeld, readRange, trim } from './data-file.ts'
import type { Disk, Durability } from './disk.ts'
import { joinFiles } from './join-files.ts'
import { layoutOf } from './layout.ts'
import { linkOrCopy } from './publish.ts'
import { assertHolds, fileRecords, recordOf } from './records.ts'
import { removalFrom } from './removal.ts'
import { writersOf } from './writers.ts'

/** A store over a directory has every ability, and one more. */
export type FsStore = StoreWith<OptionalOperation> & {
  /**
   * Makes the bytes of an upload appear at `path`, whole and in place of what may be there from an
   * earlier attempt: by a link where the file system can, else by a copy. Throws if there is no such
   * upload.
   */
  linkTo(id: string, path: string): Promise<void>
}

/** How uploads are kept. */
export interface FsStoreOptions {
  /** Made with the first upload. Several processes may share it, with a locker that they share too. */
  readonly directory: string
  /** `process-crash` by default. */
  readonly durability?: Durability
  /**
   * How far away the disk is. `local` by default: short work is done on the spot, since handing it to
   * a thread costs many times as much. Each piece of it holds up the process for as long as the disk
   * takes, so say `network` where that is milliseconds: then threads do all of it.
   */
  readonly disk?: 'local' | 'network'
  /**
   * Where the records are kept: beside the bytes, unless others are given, such as `redisRecords` of
   * `@tusker/store-redis`. Leases have to come from the same place then.
   */
  readonly records?: UploadRecords
}

/**
 * Keeps uploads in a directory: for each a file of bytes, called as the upload is, and a record beside
 * it. The record alone says how many of the bytes count. It only ever grows, by one line for a change:
 * whatever happens, what was written in it stays.
 */
export function fsStore(options: FsStoreOptions): FsStore {
  const disk: Disk = {
    layout: layoutOf(resolve(options.directory)),
    calls: options.disk === 'network' ? pooled : inPlace,
    durability: options.durability ?? 'process-crash',
  }
  const records = options.records ?? fileRecords(disk)
  const writers = writersOf(disk, records)
  const removal = removalFrom(disk, records, options.records === undefined)
  const appends = appending(disk, records, writers)

  async function heldBy(id: string, token: number | null): Promise<UploadInfo> {
    const record = await recordOf(records, id)
    assertHolds(token, record.token)
    await writers.fence(record, token)
    return record.upload
  }

  return {
    create: (upload) => records.create(upload),

    async find(id) {
      // What came of an append here is made to count first: so it can be told.
      await appends.catchUp(id)
      const record = await records.find(id)
      if (record === null) return null
      await assertHeld(disk, record.upload)
      return record.upload
    },

    append: (id, offset, bytes, appendOptions) =>
      appends.append({ id, offset, bytes, options: appendOptions, verify: null }),

    appendVerified: (id, offset, bytes, verify, appendOptions) =>
      appends.append({ id, offset, bytes, options: appendOptions, verify }),

    async finish(id, outcome, token) {
      const { offset } = await heldBy(id, token)
      await trim(disk, id, offset)
      await records.change(id, token, { outcome, touchedAt: new Date() })
    },

    async declareLength(id, length, token) {
      await heldBy(id, token)
      await records.change(id, token, { length })
    },

    async concatenate(id, parts, token) {
      await heldBy(id, token)
      const found: UploadInfo[] = []
      for (const part of parts) found.push((await recordOf(records, part)).upload)
      const offset = await joinFiles(disk, id, found)
      await records.change(id, token, { offset, touchedAt: new Date() })
      return offset
    },

    remove: (id, token) => removal.remove(id, token),

    list: () => removal.list(),

    async *read(id, start, end) {
      if (end > start) yield* readRange(disk, id, start, end)
    },

    async linkTo(id, path) {
      const record = await recordOf(records, id)
      await writers.fence(record, null)
      const { offset } = record.upload
      await trim(disk, id, offset)
      await linkOrCopy(disk.layout.data(id), path, disk.durability)
    },
  }
}
