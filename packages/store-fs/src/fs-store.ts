import type { OptionalOperation, StoreWith, UploadRecord, UploadRecords } from '@tusker/core'
import { isFull } from '@tusker/core'
import { resolve } from 'node:path'
import { checkOptions } from './files/check-options.ts'
import { appending } from './data/append.ts'
import { inPlace, pooled } from './files/file-calls.ts'
import { copyCounted } from './data/copy-prefix.ts'
import { assertHeld, dataPath, openRange, trim } from './data/data-file.ts'
import type { Disk, Durability } from './files/disk.ts'
import { replace } from './files/disk.ts'
import { withRoomErrors } from './files/room.ts'
import { joinFiles } from './data/concatenate.ts'
import { layoutOf } from './files/paths.ts'
import { asHolder, moveBytes, whereverMoved } from './data/relocate.ts'
import { linkOrCopy } from './data/link-or-copy.ts'
import { fileRecords, recordOf } from './records/file-records.ts'
import { removalFrom } from './cleanup.ts'
import { writersOf } from './data/exclusive-writer.ts'

/** A store over a directory has every ability, and one more. */
export type FsStore = StoreWith<OptionalOperation> & {
  /**
   * Makes the bytes of an upload appear at `path`, whole and in place of what may be there from an
   * earlier attempt: by a link where the file system can, else by a copy. Also by a copy where the
   * upload is not complete, or it is not certain that nobody writes to it any more.
   *
   * Throws `UploadError` `not_found` when there is no such upload, and `damaged` when its bytes are
   * not all there.
   */
  exportTo(id: string, path: string): Promise<void>
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
 * Keeps uploads in a directory: for each a file of bytes, called as the upload is until its record
 * names another one, and a record beside it. The record alone says how many of the bytes count. It only
 * ever grows, by one line for a change: whatever happens, what was written in it stays.
 */
export function fsStore(options: FsStoreOptions): FsStore {
  checkOptions('fsStore', options, ['directory', 'durability', 'disk', 'records'])
  const disk = diskOf(options)
  return storeOver(disk, options.records ?? fileRecords(disk), options.records === undefined)
}

/** The directory that the options describe. */
export function diskOf(options: Omit<FsStoreOptions, 'records'>): Disk {
  return {
    layout: layoutOf(resolve(options.directory)),
    calls: options.disk === 'network' ? pooled : inPlace,
    durability: options.durability ?? 'process-crash',
  }
}

/**
 * A store over records that a locker may share.
 *
 * @param areRecordsHere true when the records are in the same directory as the bytes
 */
export function storeOver(disk: Disk, records: UploadRecords, areRecordsHere: boolean): FsStore {
  const writers = writersOf(disk, records)
  const removal = removalFrom(disk, records, areRecordsHere)
  const appends = appending(disk, records, writers)

  async function publish(record: UploadRecord, to: string): Promise<void> {
    const { durability } = disk
    const { offset } = record.upload
    const from = dataPath(disk, record)
    await assertHeld(disk, record)
    if (!isFull(record.upload) || writers.mayBeWriting(record)) {
      // Whatever comes to the file of the upload later stays away from what was made of it.
      await replace(to, (temporary) => copyCounted(from, temporary, offset, durability))
    } else {
      await trim(disk, record)
      await linkOrCopy(from, to, durability)
    }
  }

  return {
    ...(areRecordsHere && { directory: disk.layout.directory }),

    create: (upload) => withRoomErrors(() => records.create(upload)),

    async find(id) {
      // Commits what an append of this process has received, so that it can be reported.
      await appends.catchUp(id)
      const record = await records.find(id)
      if (record === null) return null
      return whereverMoved(records, record, async (now) => {
        await assertHeld(disk, now)
        return (await writers.recovered(now)).upload
      })
    },

    append: (id, offset, bytes, appendOptions) =>
      withRoomErrors(() =>
        appends.append({ id, offset, bytes, options: appendOptions, verify: null }),
      ),

    appendVerified: (id, offset, bytes, verify, appendOptions) =>
      withRoomErrors(() => appends.append({ id, offset, bytes, options: appendOptions, verify })),

    finish: (id, outcome, token) =>
      withRoomErrors(async () => {
        const record = await writers.take(id, token)
        await asHolder(records, id, token, () => trim(disk, record))
        await records.change(id, token, { outcome, updatedAt: new Date() })
      }),

    declareLength: (id, length, token) =>
      withRoomErrors(async () => {
        await writers.take(id, token)
        await records.change(id, token, { length })
      }),

    concatenate: (id, parts, token) =>
      withRoomErrors(async () => {
        const record = await writers.take(id, token)
        const found: UploadRecord[] = []
        for (const part of parts) found.push(await writers.recovered(await recordOf(records, part)))
        let offset = 0
        await moveBytes(disk, records, record, {
          token,
          make: async (path) => void (offset = await joinFiles(disk, path, found)),
          change: () => ({ offset, updatedAt: new Date() }),
        })
        return offset
      }),

    remove: (id, token) => removal.remove(id, token),

    list: () => removal.list(),

    async *read(id, start, end) {
      if (end <= start) return
      const record = await recordOf(records, id)
      const range = await whereverMoved(records, record, (now) => openRange(disk, now, start, end))
      yield* range.read()
    },

    async exportTo(id, path) {
      const record = await recordOf(records, id)
      await whereverMoved(records, record, (now) => publish(now, path))
    },
  }
}
