import type { OptionalOperation, StoreWith } from '@tusker/core'
import { UploadError } from '@tusker/core'
import { createReadStream } from 'node:fs'
import { opendir, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { appending } from './appending.ts'
import type { Durability } from './disk.ts'
import { orAbsent, TEMPORARY } from './disk.ts'
import type { Part } from './join-files.ts'
import { joinFiles } from './join-files.ts'
import { layoutOf } from './layout.ts'
import { linkOrCopy, trim } from './publish.ts'
import type { UploadRecord } from './record.ts'
import { assertHeld, fileRecords } from './records.ts'

/** A store over a directory has every ability, and one more. */
export type FsStore = StoreWith<OptionalOperation> & {
  /**
   * Makes the bytes of an upload appear at `path`, a file that may be there from an earlier attempt:
   * by a link where the file system can, else by a copy that appears whole. Throws if there is no such
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
}

/** Milliseconds after which a file that a crash left behind cannot be anybody's work in progress. */
const LEFT_BEHIND = 60 * 60 * 1000
const READ_PIECE = 256 * 1024

/**
 * Keeps uploads in a directory: for each a file of bytes, called as the upload is, and a record beside
 * it. The record alone says how many of the bytes count. It is replaced by rename, so that whatever
 * happens it is either the old or the new one.
 */
export function fsStore(options: FsStoreOptions): FsStore {
  const { durability = 'process-crash' } = options
  const layout = layoutOf(resolve(options.directory))
  const records = fileRecords(layout, durability)
  const appends = appending(layout, records, durability)

  async function existing(id: string): Promise<UploadRecord> {
    const record = await records.find(id)
    if (record === null) throw new UploadError('not_found', 'there is no such upload')
    return record
  }

  return {
    create: (upload) => records.create(upload),

    async find(id) {
      // What an append here has stored but not recorded yet is recorded first: so it can be told.
      await appends.catchUp(id)
      const record = await records.find(id)
      if (record === null) return null
      await assertHeld(layout, record)
      const { token: _, ...upload } = record
      return upload
    },

    append: (id, offset, bytes, appendOptions) =>
      appends.append({ id, offset, bytes, options: appendOptions, verify: null }),

    appendVerified: (id, offset, bytes, verify, appendOptions) =>
      appends.append({ id, offset, bytes, options: appendOptions, verify }),

    async finish(id, outcome, token) {
      const { offset } = await existing(id)
      await trim(layout.data(id), offset)
      await records.change(id, token, { outcome, touchedAt: new Date() })
    },

    async declareLength(id, length, token) {
      await records.change(id, token, { length })
    },

    async concatenate(id, parts, token) {
      const files: Part[] = []
      for (const part of parts) {
        files.push({ path: layout.data(part), length: (await existing(part)).offset })
      }
      const offset = await joinFiles(files, layout.joining(id), layout.data(id), durability)
      await records.change(id, token, { offset, touchedAt: new Date() })
      return offset
    },

    async remove(id, token) {
      // The record goes first: without it the rest is no upload. A damaged one can go as well.
      const record = await records.find(id).catch(() => null)
      if (record !== null && token !== null && token < record.token) {
        throw new UploadError('interrupted', 'another request took this upload over')
      }
      for (const path of [layout.record(id), layout.data(id), layout.joining(id)]) {
        await rm(path, { force: true })
      }
    },

    async *list() {
      const directory = await orAbsent(opendir(layout.directory))
      if (directory === null) return
      for await (const { name } of directory) {
        const id = layout.idOf(name)
        if (id !== null) yield id
        else if (name.endsWith(TEMPORARY)) await removeLeftBehind(join(layout.directory, name))
      }
    },

    async *read(id, start, end) {
      if (end <= start) return
      yield* createReadStream(layout.data(id), {
        ...{ start, end: end - 1, highWaterMark: READ_PIECE },
      }) as AsyncIterable<Uint8Array>
    },

    async linkTo(id, path) {
      const { offset } = await existing(id)
      await trim(layout.data(id), offset)
      await linkOrCopy(layout.data(id), path)
    },
  }
}

async function removeLeftBehind(path: string): Promise<void> {
  const file = await orAbsent(stat(path))
  if (file !== null && Date.now() - file.mtimeMs > LEFT_BEHIND) await rm(path, { force: true })
}
