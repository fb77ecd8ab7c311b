import type { VersionedTexts } from '@tusker/core'
import { UploadError } from '@tusker/core'
import type { S3Record } from './record.ts'
import { formatRecord, parseRecord } from './record.ts'

/** A record as it was at one time. */
export interface Version {
  readonly record: S3Record
  /** Differs for any two writes of the record. */
  readonly version: string
  /** Milliseconds between the last write of the record and this read, by the clock of the storage. */
  readonly age: number
}

/**
 * Receives each version of a record that this process reads or writes.
 *
 * @param writtenAt when the write of it began, by `performance`; null when it was read
 */
export type VersionListener = (version: Version, writtenAt: number | null) => void

/** The records of all uploads, each changed by compare and swap. */
export interface VersionedRecords {
  /** Resolves to null when there is no record, and for an upload that is being removed. */
  find(id: string): Promise<Version | null>
  /** Like `find`, and gives the record of an upload that is being removed as well. */
  look(id: string): Promise<Version | null>
  /** Resolves to false, and changes nothing, when there is a record already. */
  create(record: S3Record): Promise<boolean>
  /**
   * Changes a record in one step. If another process changes it in between, `decide` is called again
   * with the new record. `decide` returns the record itself if nothing is left to do, as after a write
   * whose answer was lost. It throws to refuse the change.
   *
   * Throws `UploadError` `not_found` when there is no record.
   */
  change(id: string, decide: (version: Version) => S3Record): Promise<Version>
  /** Removes a record. Quiet when there is none. */
  remove(id: string): Promise<void>
  /** The ids of all records. */
  list(): AsyncIterable<string>
  /** Calls `listener` until the result is called. One listener for each id. */
  watch(id: string, listener: VersionListener): () => void
  /**
   * Lets `find` answer from memory while `isCurrent` returns true: then nothing but this process
   * changes the upload. Ends when the result is called.
   */
  trust(id: string, isCurrent: () => boolean): () => void
}

/** Records kept in memory, so that most changes need no read. */
const REMEMBERED = 2_000

export function versionedRecords(texts: VersionedTexts): VersionedRecords {
  const remembered = new Map<string, Version>()
  const turns = new Map<string, Promise<unknown>>()
  const listeners = new Map<string, VersionListener>()
  const trusted = new Map<string, () => boolean>()

  function remember(id: string, version: Version, writtenAt: number | null): Version {
    remembered.delete(id)
    remembered.set(id, version)
    listeners.get(id)?.(version, writtenAt)
    if (remembered.size > REMEMBERED) {
      for (const oldest of remembered.keys()) {
        remembered.delete(oldest)
        break
      }
    }
    return version
  }

  async function look(id: string): Promise<Version | null> {
    const found = await texts.read(id)
    if (found === null) {
      remembered.delete(id)
      return null
    }
    const { text, version, age } = found
    return remember(id, { record: parseRecord(id, text), version, age }, null)
  }

  /** Resolves to null when another caller changed the record. */
  async function write(record: S3Record, version: string | null): Promise<Version | null> {
    const { id } = record.upload
    const writtenAt = performance.now()
    const written = await texts.write(id, formatRecord(record), version)
    return written === null ? null : remember(id, { record, version: written, age: 0 }, writtenAt)
  }

  /** Changes a record one step at a time: two changes of one process would only conflict. */
  async function inTurn<Result>(id: string, work: () => Promise<Result>): Promise<Result> {
    const before = turns.get(id)
    const turn = (async () => {
      await before?.catch(() => {})
      return work()
    })()
    turns.set(id, turn)
    try {
      return await turn
    } finally {
      if (turns.get(id) === turn) turns.delete(id)
    }
  }

  async function change(id: string, decide: (version: Version) => S3Record): Promise<Version> {
    let isFresh = !remembered.has(id)
    let current = remembered.get(id) ?? (await look(id))
    for (;;) {
      if (current !== null && !current.record.removed) {
        const next = decided(decide, current, isFresh)
        if (next === current.record) return current
        if (next !== null) {
          const written = await write(next, current.version)
          if (written !== null) return written
        }
      } else if (isFresh) {
        throw new UploadError('not_found', 'there is no such upload')
      }
      current = await look(id)
      isFresh = true
    }
  }

  return {
    look,

    async find(id) {
      const known = trusted.get(id)?.() === true ? remembered.get(id) : undefined
      const version = known ?? (await look(id))
      return version === null || version.record.removed ? null : version
    },

    create: (record) =>
      inTurn(record.upload.id, async () => {
        if ((await write(record, null)) !== null) return true
        // The response to an earlier attempt may have been lost.
        return (await look(record.upload.id))?.record.mark === record.mark
      }),

    change: (id, decide) => inTurn(id, () => change(id, decide)),

    async remove(id) {
      await texts.remove(id)
      remembered.delete(id)
    },

    list: () => texts.list(),

    watch: (id, listener) => entered(listeners, id, listener),
    trust: (id, isCurrent) => entered(trusted, id, isCurrent),
  }
}

/** The record to write; null when an outdated version may have caused the decision to reject. */
function decided(
  decide: (version: Version) => S3Record,
  version: Version,
  isFresh: boolean,
): S3Record | null {
  try {
    return decide(version)
  } catch (error) {
    if (isFresh) throw error
    return null
  }
}

/** Sets an entry, and returns the function that removes it unless another has taken its place. */
function entered<Value>(map: Map<string, Value>, id: string, value: Value): () => void {
  map.set(id, value)
  return () => {
    if (map.get(id) === value) map.delete(id)
  }
}
