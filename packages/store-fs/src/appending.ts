import type { AppendOptions } from '@tusker/core'
import type { FileHandle } from 'node:fs/promises'
import { constants } from 'node:fs'
import type { Durability } from './disk.ts'
import { withFile } from './disk.ts'
import type { Layout } from './layout.ts'
import type { Records } from './records.ts'
import { writeBatches } from './write-batches.ts'

/** How often, and after how many bytes, an append under way brings the record up to date. */
const COMMIT_EVERY = 1_000
const COMMIT_BYTES = 16 * 2 ** 20

/** The appends of a directory that are under way in this process. */
export interface Appending {
  append(append: Append): Promise<number>
  /** Brings the record of an upload up to what is in its file. */
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

export function appending(layout: Layout, records: Records, durability: Durability): Appending {
  const underWay = new Map<string, () => Promise<void>>()

  async function append(work: Append): Promise<number> {
    const { id, offset, options } = work
    const before = await records.find(id)
    if (before?.offset !== offset) throw new Error('the upload is not at this offset')
    return withFile(layout.data(id), constants.O_RDWR | constants.O_CREAT, async (file) => {
      const commits = committer(
        file,
        offset,
        async (reached) => {
          await records.change(id, options.token, { offset: reached, touchedAt: new Date() })
          options.onProgress?.(reached)
        },
        durability,
      )
      return work.verify === null ? steadily(file, work, commits) : atOnce(file, work, commits)
    })
  }

  /** What has been written comes to count while more comes in, and also when writing fails. */
  async function steadily(
    file: FileHandle,
    { id, offset, bytes }: Append,
    commits: Commits,
  ): Promise<number> {
    // A commit that fails here fails again at the end, where somebody waits for it.
    const commit = (): void => void commits.commit().catch(() => {})
    const timer = setInterval(commit, COMMIT_EVERY)
    underWay.set(id, () => commits.commit())
    try {
      await writeBatches(file, offset, bytes, (reached) => {
        if (commits.reached(reached) >= COMMIT_BYTES) commit()
      })
    } finally {
      clearInterval(timer)
      underWay.delete(id)
      await commits.commit()
    }
    return commits.committed()
  }

  async function atOnce(file: FileHandle, work: Append, commits: Commits): Promise<number> {
    await writeBatches(file, work.offset, work.bytes, (reached) => void commits.reached(reached))
    if ((await work.verify?.()) !== true) return work.offset
    await commits.commit()
    return commits.committed()
  }

  return {
    append,
    async catchUp(id) {
      await underWay.get(id)?.()
    },
  }
}

interface Commits {
  /** Told how far the file reaches; returns how many of these bytes do not count yet. */
  reached(offset: number): number
  /** Makes everything count that is in the file. */
  commit(): Promise<void>
  committed(): number
}

/** Commits one after the other, each with all that was written until it began. */
function committer(
  file: FileHandle,
  start: number,
  record: (offset: number) => Promise<void>,
  durability: Durability,
): Commits {
  let written = start
  let counted = start
  let last: Promise<void> = Promise.resolve()

  async function commitNow(): Promise<void> {
    const offset = written
    if (offset === counted) return
    if (durability === 'power-loss') await file.datasync()
    await record(offset)
    counted = offset
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
    committed: () => counted,
  }
}
