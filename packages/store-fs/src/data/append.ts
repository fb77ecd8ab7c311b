import type { AppendOptions, Outcome } from '@tusker/core'
import { offsetMismatch } from '@tusker/core'
import type { DataFile } from './data-file.ts'
import { dataFile } from './data-file.ts'
import type { Disk } from '../files/disk.ts'
import { asHolder } from './relocate.ts'
import type { StoreRecords } from '../records/file-records.ts'
import { assertHolds, recordOf } from '../records/file-records.ts'
import type { BatchWriter } from './batch-writer.ts'
import { batchWriter, writeBatches } from './batch-writer.ts'
import type { Writers } from './exclusive-writer.ts'

/** Milliseconds, and bytes, after which the bytes of an append are committed. Its lease is looked at more often. */
const COMMIT_EVERY = 1_000
const LOOK_EVERY = 500
const COMMIT_BYTES = 16 * 2 ** 20

/** The appends of a directory that are running in this process. */
export interface Appending {
  append(work: Append): Promise<number>
  /** Commits all bytes of an upload that have arrived. Null if no append is running. */
  catchUp(id: string): Promise<unknown> | null
}

/** Bytes to add to an upload. */
export interface Append {
  readonly id: string
  readonly offset: number
  readonly bytes: AsyncIterable<Uint8Array>
  readonly options: AppendOptions
  /** When given, no byte is committed before this resolves to true. */
  readonly verify: (() => Promise<boolean>) | null
}

export function appending(disk: Disk, records: StoreRecords, writers: Writers): Appending {
  const underWay = new Map<string, () => Promise<unknown>>()

  async function append(work: Append): Promise<number> {
    const { id, offset, options } = work
    const { token } = options
    const record = await writers.take(id, token)
    if (record.upload.offset !== offset) throw offsetMismatch(record.upload.offset, offset)
    const data = dataFile(disk, record)
    const isPlain = work.verify === null
    let writer = writers.mustEnter(record, token) ? await writers.enter(id, token, false) : null
    let writes = 0
    let lookedAt = performance.now()

    /** A stale holder stops before the end of its body: its bytes could not be committed. */
    async function lookForOthers(): Promise<void> {
      if (token === null || performance.now() - lookedAt < LOOK_EVERY) return
      lookedAt = performance.now()
      assertHolds(token, (await recordOf(records, id)).token)
    }

    const commits = committer({
      disk,
      records,
      writers,
      work,
      length: record.upload.length,
      file: data,
      hasEntered: () => writer !== null,
    })
    const batches = batchWriter({
      calls: disk.calls,
      start: offset,
      async file() {
        commits.assertTrusted()
        const file = await asHolder(records, id, token, data.opened)
        await lookForOthers()
        // This line lets all bytes of a long append survive the death of this process. A short append
        // is not worth it.
        if (isPlain && ++writes === 2) {
          await data.cutAt(commits.written())
          const before = writer
          writer = await writers.enter(id, token, true)
          if (before !== null) writers.left(before)
        }
        return file
      },
      onWritten(reached) {
        if (commits.reached(reached) < COMMIT_BYTES || !isPlain) return
        // The append itself reports a failure at its next write, or at its end.
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

  /** Commits while bytes arrive. If a write fails, commits the bytes that were written before. */
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
    return commits.end()
  }

  return {
    append,
    catchUp(id) {
      const commit = underWay.get(id)
      // The append reports the error. Here it only means that no more bytes are committed.
      return commit === undefined ? null : commit().catch(() => {})
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
  return (await verify()) ? commits.end() : work.offset
}

interface Commits {
  /** Records how far the file reaches. Returns how many of these bytes are not committed yet. */
  reached(offset: number): number
  /** How far the file reaches. */
  written(): number
  /** Commits everything that is in the file, and returns the offset. */
  commit(): Promise<number>
  /** The last commit. It ends the note of this writer, and records the outcome if the upload is full. */
  end(): Promise<number>
  /** Throws when bytes could not be synced: nothing may be committed through this file any more. */
  assertTrusted(): void
  /** Notes in the record that this writer has ended, unless the last commit did. */
  leave(): Promise<void>
}

interface CommitTarget {
  readonly disk: Disk
  readonly records: StoreRecords
  readonly writers: Writers
  readonly work: Append
  /** The length of the upload in bytes; null if its client has not declared it. */
  readonly length: number | null
  readonly file: DataFile
  /** True when the record names this writer. */
  hasEntered(): boolean
}

/** Runs one commit after the other. Each commits all bytes that were written before it began. */
function committer(target: CommitTarget): Commits {
  const { disk, records, writers, file, hasEntered } = target
  const { id, options } = target.work
  let written = target.work.offset
  let committed = written
  let hasLeft = false
  let failure: Error | null = null
  let last: Promise<number> = Promise.resolve(committed)

  function assertTrusted(): void {
    if (failure !== null) throw failure
  }

  /**
   * The system reports a failed sync once, and then treats the bytes as written. So after the first failure
   * this append commits no more bytes, and the next writer gets another file.
   */
  async function sync(): Promise<void> {
    try {
      await file.sync()
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error))
      hasLeft = true
      await writers.distrust(id, options.token).catch(() => {})
      throw error
    }
  }

  /** The outcome that the last commit records. Then no byte may be behind the offset in the file. */
  async function outcomeAt(offset: number): Promise<{ readonly outcome?: Outcome }> {
    const { outcome = null } = options
    if (outcome === null || offset !== target.length) return {}
    await file.cutAt(offset)
    return { outcome }
  }

  async function commitNow(isLast: boolean): Promise<number> {
    assertTrusted()
    const offset = written
    if (offset === committed) return committed
    if (disk.durability === 'power-loss') await sync()
    const leaving = isLast && hasEntered() ? { writer: null } : {}
    const outcome = isLast ? await outcomeAt(offset) : {}
    const updatedAt = new Date()
    await records.change(id, options.token, { offset, updatedAt, ...leaving, ...outcome })
    committed = offset
    hasLeft = isLast
    options.onProgress?.(offset)
    return offset
  }

  function commit(isLast: boolean): Promise<number> {
    const next = (): Promise<number> => commitNow(isLast)
    last = last.then(next, next)
    return last
  }

  return {
    reached(offset) {
      written = offset
      return written - committed
    },
    written: () => written,
    commit: () => commit(false),
    end: () => commit(true),
    assertTrusted,
    async leave() {
      // If this line cannot be written, the next writer copies the bytes. That is the only effect.
      if (!hasLeft) await records.change(id, options.token, { writer: null }).catch(() => {})
    },
  }
}
