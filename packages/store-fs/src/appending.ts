import type { AppendOptions } from '@tusker/core'
import type { DataFile } from './data-file.ts'
import { dataFile } from './data-file.ts'
import type { Disk } from './disk.ts'
import type { Records } from './records.ts'
import { assertHolds } from './records.ts'
import type { BatchWriter } from './write-batches.ts'
import { batchWriter, writeBatches } from './write-batches.ts'

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

export function appending(disk: Disk, records: Records): Appending {
  const underWay = new Map<string, () => Promise<unknown>>()

  async function append(work: Append): Promise<number> {
    const { id, offset, options } = work
    const { upload, token } = await records.get(id)
    assertHolds(options.token, token)
    if (upload.offset !== offset) {
      throw new Error(`the upload is at ${upload.offset}, not ${offset}`)
    }
    // Noted at once: from here on whoever held the lease before writes nothing more.
    if (options.token !== null && options.token > token) await records.change(id, options.token, {})

    const data = dataFile(disk, id, offset)
    const commits = committer(disk, records, work, data)
    const writer = batchWriter({
      calls: disk.calls,
      start: offset,
      async file() {
        if (options.token !== null) assertHolds(options.token, (await records.get(id)).token)
        return data.opened()
      },
      onWritten(reached) {
        if (commits.reached(reached) < COMMIT_BYTES || work.verify !== null) return
        // One that fails here fails again at the end, where somebody waits for it.
        commits.commit().catch(() => {})
      },
    })
    try {
      return work.verify === null
        ? await steadily(work, writer, commits)
        : await atOnce(work, work.verify, writer, commits)
    } finally {
      await writer.idle()
      await data.close()
    }
  }

  /** What comes counts while more of it comes, and what was written also when writing fails. */
  async function steadily(work: Append, writer: BatchWriter, commits: Commits): Promise<number> {
    const catchUp = (): Promise<unknown> => writer.flush().then(commits.commit)
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
    return commits.commit()
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
  return (await verify()) ? commits.commit() : work.offset
}

interface Commits {
  /** Told how far the file reaches; returns how many of these bytes do not count yet. */
  reached(offset: number): number
  /** Makes everything count that is in the file, and returns the offset. */
  commit(): Promise<number>
}

/** Commits one after the other, each with all that was written until it began. */
function committer(disk: Disk, records: Records, work: Append, file: DataFile): Commits {
  const { id, options } = work
  let written = work.offset
  let counted = work.offset
  let last: Promise<number> = Promise.resolve(counted)

  async function commitNow(): Promise<number> {
    const offset = written
    if (offset === counted) return counted
    if (disk.durability === 'power-loss') await file.sync()
    await records.change(id, options.token, { offset, touchedAt: new Date() })
    counted = offset
    options.onProgress?.(offset)
    return offset
  }

  return {
    reached(offset) {
      written = offset
      return written - counted
    },
    commit() {
      last = last.then(commitNow, commitNow)
      return last
    },
  }
}
