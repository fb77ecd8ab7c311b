import type { AppendOptions, RecordChange } from '@tusker/core'
import { isUploadError, offsetMismatch } from '@tusker/core'
import type { DataFile } from './data-file.ts'
import { dataFile } from './data-file.ts'
import type { Disk } from '../files/disk.ts'
import { asHolder } from './relocate.ts'
import type { StoreRecords } from '../records/record-of.ts'
import { assertHolds, recordOf } from '../records/record-of.ts'
import type { BatchWriter } from './batch-writer.ts'
import { batchWriter, writeBatches } from './batch-writer.ts'
import { commitClock } from './commit-clock.ts'
import type { Writers } from './exclusive-writer.ts'

/** Milliseconds after which the lease of an append is looked at, and bytes after which they are committed. */
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
  const clock = commitClock()

  async function append(work: Append): Promise<number> {
    const { id, offset, options } = work
    const { token } = options
    const record = await writers.take(id, token)
    if (record.upload.offset !== offset) throw offsetMismatch(record.upload.offset, offset)
    const data = dataFile(disk, record)
    const notes: string[] = []
    if (writers.mustEnter(record, token)) notes.push(await writers.enter(id, token))
    let isNoted = work.verify !== null
    let writes = 0
    let lookedAt = performance.now()

    /**
     * The note of this writer, once, for the second write or the first commit before the end. It lets all bytes of
     * a long append survive the death of this process. A short append is not worth it.
     */
    function note(): string | null {
      if (isNoted) return null
      isNoted = true
      const writer = writers.newNote(true)
      notes.push(writer)
      return writer
    }

    /** A stale holder stops before the end of its body: its bytes could not be committed. */
    async function lookForOthers(): Promise<void> {
      lookedAt = performance.now()
      assertHolds(token, (await recordOf(records, id)).token)
    }

    async function noteWrite(): Promise<void> {
      const writer = writes === 2 ? note() : null
      if (writer !== null) await records.change(id, token, { writer })
    }

    async function fileNow(mustLook: boolean): Promise<number> {
      const file = await asHolder(records, id, token, async () => data.opened())
      if (mustLook) await lookForOthers()
      await noteWrite()
      return file
    }

    const commits = committer({
      disk,
      records,
      writers,
      work,
      length: record.upload.length,
      file: data,
      note,
      hasEntered: () => notes.length > 0,
    })
    const batches = batchWriter({
      calls: disk.calls,
      start: offset,
      file(isFlush) {
        commits.assertTrusted()
        writes += 1
        // The commit after a flush finds a later holder as well.
        const mustLook = token !== null && !isFlush && performance.now() - lookedAt >= LOOK_EVERY
        if (writes === 1 || (writes === 2 && !isNoted) || mustLook) return fileNow(mustLook)
        return data.opened()
      },
      onWritten(reached) {
        if (commits.reached(reached) < COMMIT_BYTES || work.verify !== null) return
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
      if (notes.length > 0) {
        notes.forEach(writers.left)
        await commits.leave()
      }
    }
  }

  /** Commits while bytes arrive. If a write fails, commits the bytes that were written before. */
  async function steadily(work: Append, writer: BatchWriter, commits: Commits): Promise<number> {
    const catchUp = (): Promise<unknown> => writer.flush().then(() => commits.commit())
    const stopClock = clock.add(() => void catchUp().catch(() => {}))
    underWay.set(work.id, catchUp)
    try {
      await writeBatches(writer, work.bytes)
    } catch (error) {
      await writer.flush().catch(() => {})
      await commits.commit().catch(() => {})
      throw error
    } finally {
      stopClock()
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
  /** Throws when nothing may be committed any more: bytes could not be synced, or the lease is lost. */
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
  /** The note for the next commit; null if the record has it already. */
  note(): string | null
  /** True when the record names this writer. */
  hasEntered(): boolean
}

/** Runs one commit after the other. Each commits all bytes that were written before it began. */
function committer(target: CommitTarget): Commits {
  const { disk, records, writers, hasEntered } = target
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
      await target.file.sync()
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error))
      hasLeft = true
      await writers.distrust(id, options.token).catch(() => {})
      throw error
    }
  }

  /** What the record says of this writer, and of the upload, with the commit of this offset. */
  function besides(offset: number, isLast: boolean): RecordChange {
    if (!isLast) {
      const writer = target.note()
      return writer === null ? {} : { writer }
    }
    const { outcome = null } = options
    const isEnd = outcome !== null && offset === target.length
    return { ...(hasEntered() && { writer: null }), ...(isEnd && { outcome }) }
  }

  /** A stale holder, or one whose upload was removed, fails here, and ends at its next write. */
  async function note(change: RecordChange): Promise<void> {
    try {
      await records.change(id, options.token, change)
    } catch (error) {
      if (isUploadError(error)) failure = error
      throw error
    }
  }

  async function commitNow(isLast: boolean): Promise<number> {
    assertTrusted()
    const offset = written
    if (offset === committed) return committed
    if (disk.durability === 'power-loss') await sync()
    await note({ offset, updatedAt: new Date(), ...besides(offset, isLast) })
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
