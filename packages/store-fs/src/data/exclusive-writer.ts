import type { UploadRecord } from '@tusker/core'
import { copyCounted } from './copy-prefix.ts'
import { assertHeld, dataPath } from './data-file.ts'
import type { Disk } from '../files/disk.ts'
import { moveBytes } from './relocate.ts'
import { isRecoverable, isUntrusted, RECOVERABLE, recovered, UNTRUSTED } from './recovery.ts'
import type { StoreRecords } from '../records/record-of.ts'
import { assertHolds, recordUnder } from '../records/record-of.ts'
import type { FileRecord } from '../records/record-format.ts'
import { isOver, newWriterMark } from '../files/process-identity.ts'

/** The writers of a directory. Each upload has at most one at a time, in this process or another. */
export interface Writers {
  /**
   * Gives an upload to a lease holder. From then on a stale holder can change neither its record nor its
   * bytes. Most earlier holders have released the lease or are certainly dead. Against others the
   * committed bytes are copied to another file.
   */
  take(id: string, token: number | null): Promise<UploadRecord>
  /** True when the record does not say yet that the holder of this token may be writing. */
  mustEnter(record: UploadRecord, token: number | null): boolean
  /**
   * Makes a note that this process is going to write. The caller adds it to the record, and passes it to `left`.
   *
   * @param isPlain true when bytes need no verification: if this process dies, the next holder commits those
   *   that reached the file
   */
  newNote(isPlain: boolean): string
  /** Notes in the record that this process is going to write. Returns the note, for `left`. */
  enter(id: string, token: number | null): Promise<string>
  /** This process has written its last byte, even if the record does not say so. */
  left(writer: string): void
  /** Notes that bytes could not be synced: the next writer copies the committed bytes to another file. */
  distrust(id: string, token: number | null): Promise<void>
  /** True unless it is certain that no stale holder writes to the upload's file. */
  mayBeWriting(record: UploadRecord): boolean
  /** The record, including the uncommitted bytes of a dead writer that may be committed. */
  recovered(record: UploadRecord): Promise<UploadRecord>
}

export function writersOf(disk: Disk, records: StoreRecords): Writers {
  const mark = newWriterMark()
  let count = 0
  const here = new Set<string>()

  const mayBeWriting = ({ writer }: UploadRecord): boolean => {
    if (writer === null) return false
    if (isUntrusted(writer)) return true
    return writer.startsWith(`${mark}#`) ? here.has(writer) : !isOver(writer)
  }

  const isRecoverableNow = ({ writer }: UploadRecord): boolean =>
    writer !== null && isRecoverable(writer) && !writer.startsWith(`${mark}#`) && isOver(writer)

  async function withRecovered(record: UploadRecord): Promise<UploadRecord> {
    return isRecoverableNow(record) ? recovered(disk, record) : record
  }

  /** Notes the token. From then on a stale holder cannot commit, and its last committed offset is known. */
  async function noted(id: string, token: number | null): Promise<UploadRecord> {
    const record = await recordUnder(records, id, token)
    assertHolds(token, record.token)
    if (token === null || token === record.token) return record
    await records.change(id, token, {})
    return recordUnder(records, id, token)
  }

  function newNote(isPlain: boolean): string {
    const writer = `${mark}#${++count}${isPlain ? RECOVERABLE : ''}`
    here.add(writer)
    return writer
  }

  /** Moves the bytes to another file. A stale holder has at most the old file open. */
  async function fenceOff(record: UploadRecord, token: number | null): Promise<void> {
    const { offset } = record.upload
    await moveBytes(disk, records, record, {
      token,
      async make(path) {
        await assertHeld(disk, record)
        await copyCounted(dataPath(disk, record), path, offset, disk.durability)
      },
      change: () => ({ writer: null }),
    })
  }

  return {
    mayBeWriting,
    recovered: withRecovered,

    async take(id, token) {
      const record = await noted(id, token)
      const { writer } = record
      if (writer === null) return record
      const isFenced = token !== null || isUntrusted(writer)
      if (mayBeWriting(record)) {
        if (!isFenced) return record
        await fenceOff(record, token)
      } else {
        const { upload } = await withRecovered(record)
        const { offset } = upload
        const isMore = offset > record.upload.offset
        const more = isMore ? { offset, updatedAt: new Date() } : {}
        await records.change(id, token, { writer: null, ...more })
      }
      return recordUnder(records, id, token)
    },

    mustEnter(record, token) {
      if (token === null) return false
      // A lease in the record names its holder.
      const { holder = null } = record as Partial<FileRecord>
      return holder === null
    },

    newNote,

    async enter(id, token) {
      const writer = newNote(false)
      await records.change(id, token, { writer })
      return writer
    },

    left: (writer) => void here.delete(writer),

    distrust: (id, token) => records.change(id, token, { writer: UNTRUSTED }),
  }
}
