import type { UploadRecord, UploadRecords } from '@tusker/core'
import type { Disk } from './disk.ts'
import { fenceOff } from './fence.ts'
import { assertHolds } from './records.ts'
import { isOver, newWriterMark } from './writer-mark.ts'

/** The writers of a directory: at any moment at most one, of this process or another, for each upload. */
export interface Writers {
  /**
   * Sees to it that nobody who was overtaken writes to the bytes of an upload any more. Most who were have
   * said so at their end, or are certainly dead; against others it costs a copy of the bytes.
   */
  fence(record: UploadRecord, token: number | null): Promise<void>
  /** Notes that the holder of a lease is going to write; returns whom `left` wants to hear of. */
  enter(record: UploadRecord, token: number): Promise<string>
  /** Told when a writer of this process has written its last byte, whether or not the record knows. */
  left(writer: string): void
}

export function writersOf(disk: Disk, records: UploadRecords): Writers {
  const mark = newWriterMark()
  let count = 0
  const here = new Set<string>()

  const isAnotherStill = (writer: string): boolean =>
    writer.startsWith(`${mark}#`) ? here.has(writer) : !isOver(writer)

  async function fence(record: UploadRecord, token: number | null): Promise<void> {
    if (record.writer === null || !isAnotherStill(record.writer)) return
    const { id } = record.upload
    // Before the bytes move: from then on whoever opens their new file finds out that it was overtaken.
    if (token !== null && token > record.token) await records.change(id, token, {})
    await fenceOff(disk, record)
    await records.change(id, token, { writer: null })
  }

  return {
    fence,
    async enter(record, token) {
      assertHolds(token, record.token)
      await fence(record, token)
      const writer = `${mark}#${++count}`
      await records.change(record.upload.id, token, { writer })
      here.add(writer)
      return writer
    },
    left: (writer) => void here.delete(writer),
  }
}
