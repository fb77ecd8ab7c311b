import type { AppendOptions, UploadRecords } from '@tusker/core'
import { offsetMismatch } from '@tusker/core'
import type { DataFile } from './data-file.ts'
import { dataFile } from './data-file.ts'
import type { Disk } from '../files/disk.ts'
import { asHolder } from './relocate.ts'
import { assertHolds, recordOf } from '../records/file-records.ts'
import type { BatchWriter } from './batch-writer.ts'
import { batchWriter, writeBatches } from './batch-writer.ts'
import type { Writers } from './exclusive-writer.ts'

/** How often, in milliseconds, and after how many bytes the bytes of an append come to count. */
const COMMIT_EVERY = 1_000
const COMMIT_BYTES = 16 * 2 ** 20

/** The appends of a directory that are under way in this process. */
export interface Appending {
  append(work: Append): Promise<number>
  /** Makes all count that has come of an upload. */
  catchUp(id: string): Promise<void>
}

/** Bytes to add to an upload. */
export interface Append {
  readonly id: string
  readonly offset: number
  readonly bytes: AsyncIterable<Uint8Array>
  readonly options: AppendOptions
  /** Given: nothing counts before it resolved to true. */
  readonly verify: (() => Promise<boolean>) | null
}

export function appending(disk: Disk, records: UploadRecords, writers: Writers): Appending {
  const underWay = new Map<string, () => Promise<unknown>>()

  async function append(work: Append): Promise<number> {
    const { id, offset, options } = work
    const record = await writers.take(id, options.token)
    if (record.upload.offset !== offset) throw offsetMismatch(record.upload.offset, offset)
    const data = dataFile(disk, record)
    const writer = options.token === null ? null : await writers.enter(id, options.token)
    const commits = committer({ disk, records, work, file: data })
    const batches = batchWriter({
      calls: disk.calls,
      start: offset,
      async file() {
        const file = await asHolder(records, id, options.token, data.opened)
        // What it would write counts nowhere: this ends it here, and not with its body.
        if (options.token !== null) assertHolds(options.token, (await recordOf(records, id)).token)
        return file
      },
      onWritten(reached) {
        if (commits.reached(reached) < COMMIT_BYTES || work.verify !== null) return
        // One that fails here fails again at the end, where somebody waits for it.
        commits.commit().catch(() => {})
      },
    })
    try {
      return work.verify === null
        ? await steadily(work, batches, commits)
        : await atOnce(work, work.verify, batches, commits)
    } finally {
      await batches.idle()
      await data.close()
      if (writer !== null) {
        writers.left(writer)
        await commits.leave()
      }
    }
  }

  /** What comes counts while more of it comes, and what was written also when writing fails. */
  async function steadily(work: Append, writer: BatchWriter, commits: Commits): Promise<number> {
    const catchUp = (): Promise<unknown> => writer.flush().then(() => commits.commit())
    const timer = setInterval(() => void catchUp().catch(() => {}), COMMIT_EVERY)
    underWay.set(work.id, catchUp)
    try {
      await writeBatches(writer, work.bytes)
    } catch (error) {
      await writer.flush().catch(() => {})
      await commits.commit().catch(() => {})
      throw error
    } finally {
      clearInterval(timer)
      underWay.delete(work.id)
    }
    return commits.commit({ writer: null })
  }

  return {
    append,
    async catchUp(id) {
      // Whoever appends hears of what goes wrong. Here it means that no more counts than before.
      await underWay
        .get(id)?.()
        .catch(() => {})
    },
  }
}

async function atOnce(
  work: Append,
  verify: () => Promise<boolean>,
  writer: BatchWriter,
  commits: Commits,
): Promise<number> {
  await writeBatches(writer, work.bytes)
  return (await verify()) ? commits.commit({ writer: null }) : work.offset
}

interface Commits {
  /** Told how far the file reaches; returns how many of these bytes do not count yet. */
  reached(offset: number): number
  /** Makes everything count that is in the file, and returns the offset. */
  commit(last?: { readonly writer?: null }): Promise<number>
  /** Lets the next writer know that this one is through, unless the last commit did. */
  leave(): Promise<void>
}

interface CommitTarget {
  readonly disk: Disk
  readonly records: UploadRecords
  readonly work: Append
  readonly file: DataFile
}

/** Commits one after the other, each with all that was written until it began. */
function committer({ disk, records, work, file }: CommitTarget): Commits {
  const { id, options } = work
  let written = work.offset
  let counted = work.offset
  let hasLeft = false
  let last: Promise<number> = Promise.resolve(counted)

  async function commitNow(more: { readonly writer?: null }): Promise<number> {
    const offset = written
    if (offset === counted) return counted
    if (disk.durability === 'power-loss') await file.sync()
    const leaving = options.token === null ? {} : more
    await records.change(id, options.token, { offset, updatedAt: new Date(), ...leaving })
    counted = offset
    hasLeft = 'writer' in leaving
    options.onProgress?.(offset)
    return offset
  }

  return {
    reached(offset) {
      written = offset
      return written - counted
    },
    commit(more = {}) {
      const next = (): Promise<number> => commitNow(more)
      last = last.then(next, next)
      return last
    },
    async leave() {
      // Where it cannot be told the next writer takes its time, and that is all.
      if (!hasLeft) await records.change(id, options.token, { writer: null }).catch(() => {})
    },
  }
}
