import type {
  Locker,
  NewUpload,
  OptionalOperation,
  StoreWith,
  UploadInfo,
  UploadRecord,
  UploadRecords,
  UploadStore,
  WholeContent,
} from '@tusker/core'
import { assertHasBytes, isFull, keepsBytes } from '@tusker/core'
import { resolve } from 'node:path'
import { checkOptions } from './files/check-options.ts'
import { appending } from './data/append.ts'
import { inPlace, pooled } from './files/file-calls.ts'
import { copyCounted } from './data/copy-prefix.ts'
import { assertHeld, dataPath, openRange, removeBytes, trim } from './data/data-file.ts'
import type { Disk, Durability } from './files/disk.ts'
import { replace } from './files/disk.ts'
import { withRoomErrors } from './files/room.ts'
import { joinFiles } from './data/concatenate.ts'
import { createWhole } from './data/create-whole.ts'
import { layoutOf } from './files/paths.ts'
import { asHolder, moveBytes, whereverMoved } from './data/relocate.ts'
import { linkOrCopy } from './data/link-or-copy.ts'
import { fileRecords } from './records/file-records.ts'
import type { StoreRecords } from './records/record-of.ts'
import { recordOf } from './records/record-of.ts'
import { holdingLocker } from './locker/holding-locker.ts'
import { removalFrom } from './cleanup.ts'
import { writersOf } from './data/exclusive-writer.ts'

/** A store over a directory has every optional operation, and `exportTo`. */
export type FsStore = StoreWith<OptionalOperation> &
  Required<Pick<UploadStore, 'revert'>> & {
    /**
     * Makes the committed bytes of an upload appear at `path`, in one step. It replaces a file that an
     * earlier attempt left there. It creates a hard link where the file system supports links, else a copy.
     * It also makes a copy when the upload is not complete, or when a stale holder may still be writing.
     *
     * @throws UploadError `not_found` when the upload does not exist, `bytes_removed` when the store has removed
     *   its bytes, and `damaged` when bytes are missing
     */
    exportTo(id: string, path: string): Promise<void>
  }

/** The options of `fsStore`. */
export interface FsStoreOptions {
  /** Created with the first upload. Several processes may share it if they also share a locker. */
  readonly directory: string
  /** `process-crash` by default. */
  readonly durability?: Durability
  /**
   * Where the disk is. With `local`, the default, the event loop makes short calls itself, since a call
   * in a thread costs many times as much. Each such call blocks the process until the disk answers. With
   * `network` all calls run in threads: choose it for a disk that needs milliseconds for an answer.
   */
  readonly disk?: 'local' | 'network'
  /**
   * Where the records are. By default they are files beside the data files. With other records, such as
   * `redisRecords` of `@tusker/store-redis`, use a locker of the same place.
   */
  readonly records?: UploadRecords
}

/**
 * Keeps uploads in a directory. Each upload has a data file and a record. The data file is named by the
 * upload's id until the record names another file. Only the record says how many bytes are committed. The
 * record only grows, by one line for each change, so a crash cannot destroy an earlier change.
 *
 * @throws TypeError when an option is missing, unknown or not valid
 */
export function fsStore(options: FsStoreOptions): FsStore {
  checkOptions('fsStore', options, ['directory', 'durability', 'disk', 'records'])
  const disk = diskOf(options)
  if (options.records !== undefined) return storeOver(disk, options.records, null)
  const records = fileRecords(disk)
  return storeOver(disk, records, holdingLocker(records))
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
 * @param locker the locker over these records; null when the records are not in the same directory as the bytes
 */
export function storeOver(disk: Disk, records: StoreRecords, locker: Locker | null): FsStore {
  const areRecordsHere = locker !== null
  const writers = writersOf(disk, records)
  const removal = removalFrom(disk, records, areRecordsHere)
  const appends = appending(disk, records, writers)

  async function publish(record: UploadRecord, to: string): Promise<void> {
    const { durability } = disk
    const { offset } = record.upload
    const from = dataPath(disk, record)
    await assertHeld(disk, record)
    if (!isFull(record.upload) || writers.mayBeWriting(record)) {
      // The exported file must not change when the data file does.
      await replace(to, (temporary) => copyCounted(from, temporary, offset, durability))
    } else {
      await trim(disk, record)
      await linkOrCopy(from, to, durability)
    }
  }

  /** No append runs under the lease of the caller, and the next write checks the length of the data file. */
  async function findUnder(id: string, token: number | null): Promise<UploadInfo | null> {
    if (records.findUnder === undefined) return find(id)
    const record = await records.findUnder(id, token)
    return record === null ? null : (await writers.recovered(record)).upload
  }

  async function find(id: string): Promise<UploadInfo | null> {
    // Commits what an append of this process has received, so that it can be reported.
    const committing = appends.catchUp(id)
    if (committing !== null) await committing
    const record = await records.find(id)
    if (record === null) return null
    return whereverMoved(records, record, async (now) => {
      if (keepsBytes(now.upload.outcome)) {
        await assertHeld(disk, now)
        return (await writers.recovered(now)).upload
      }
      // A process that died after it recorded the outcome left them behind.
      await removeBytes(disk, now)
      return now.upload
    })
  }

  return {
    ...(locker !== null && { directory: disk.layout.directory, defaultLocker: locker }),
    ...(records.keyPrefix !== undefined && { keyPrefix: records.keyPrefix }),

    create: (upload) => withRoomErrors(() => records.create(upload)),

    ...(records.createWith !== undefined && {
      createWhole: (upload: NewUpload, content: WholeContent) =>
        withRoomErrors(() => createWhole(disk, records, upload, content)),
    }),

    find: (id, { lease } = {}) => (lease === undefined ? find(id) : findUnder(id, lease.token)),

    append: (id, offset, bytes, appendOptions) =>
      withRoomErrors(() =>
        appends.append({ id, offset, bytes, options: appendOptions, verify: null }),
      ),

    appendVerified: (id, offset, bytes, { verify, ...appendOptions }) =>
      withRoomErrors(() => appends.append({ id, offset, bytes, options: appendOptions, verify })),

    revert: (id, offset, token) =>
      withRoomErrors(async () => {
        const record = await writers.take(id, token)
        const upload = { ...record.upload, offset }
        await records.change(id, token, { offset, reverts: true, updatedAt: new Date() })
        // Until then the record has no writer, so that nothing counts behind the offset.
        await asHolder(records, id, token, () => trim(disk, { ...record, upload }))
      }),

    finish: (id, outcome, token) =>
      withRoomErrors(async () => {
        const record = await writers.take(id, token)
        // The append recorded it with the last byte.
        if (record.upload.outcome !== null) return
        if (keepsBytes(outcome)) await asHolder(records, id, token, () => trim(disk, record))
        await records.change(id, token, { outcome, updatedAt: new Date() })
        // The outcome is recorded, so a failure here is none of the client. `find` tries again.
        if (!keepsBytes(outcome)) await removeBytes(disk, record).catch(() => {})
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
      assertHasBytes(record.upload)
      const range = await whereverMoved(records, record, (now) => openRange(disk, now, start, end))
      yield* range.read()
    },

    async exportTo(id, path) {
      const record = await recordOf(records, id)
      assertHasBytes(record.upload)
      await whereverMoved(records, record, (now) => publish(now, path))
    },
  }
}
