import type { UploadRecord, UploadRecords } from '@tusker/core'
import { copyCounted } from './copy-prefix.ts'
import { assertHeld, dataPath } from './data-file.ts'
import type { Disk } from '../files/disk.ts'
import { moveBytes } from './relocate.ts'
import { assertHolds, recordOf } from '../records/file-records.ts'
import { isOver, newWriterMark } from './process-identity.ts'

/** The writers of a directory: at any moment at most one, of this process or another, for each upload. */
export interface Writers {
  /**
   * Gives an upload to the holder of a lease: whoever was overtaken changes neither what is known of it
   * nor its bytes any more. Most who were have said so at their end, or are certainly dead; against
   * others it costs a copy of the bytes.
   */
  take(id: string, token: number | null): Promise<UploadRecord>
  /** Notes that the holder of a lease is going to write; returns whom `left` wants to hear of. */
  enter(id: string, token: number): Promise<string>
  /** Told when a writer of this process has written its last byte, whether or not the record knows. */
  left(writer: string): void
  /** True unless it is certain that nobody writes. */
  mayBeWriting(record: UploadRecord): boolean
}

export function writersOf(disk: Disk, records: UploadRecords): Writers {
  const mark = newWriterMark()
  let count = 0
  const here = new Set<string>()

  const mayBeWriting = ({ writer }: UploadRecord): boolean => {
    if (writer === null) return false
    return writer.startsWith(`${mark}#`) ? here.has(writer) : !isOver(writer)
  }

  /** From here on nothing of an earlier holder comes to count, and what did is known. */
  async function noted(id: string, token: number): Promise<UploadRecord> {
    const record = await recordOf(records, id)
    assertHolds(token, record.token)
    if (token === record.token) return record
    await records.change(id, token, {})
    return recordOf(records, id)
  }

  /** Whoever was overtaken has at most the old file open, and knows of no other. */
  async function fenceOff(record: UploadRecord, token: number): Promise<void> {
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
    async take(id, token) {
      if (token === null) return recordOf(records, id)
      const record = await noted(id, token)
      if (!mayBeWriting(record)) return record
      await fenceOff(record, token)
      return recordOf(records, id)
    },
    async enter(id, token) {
      const writer = `${mark}#${++count}`
      await records.change(id, token, { writer })
      here.add(writer)
      return writer
    },
    left: (writer) => void here.delete(writer),
  }
}
