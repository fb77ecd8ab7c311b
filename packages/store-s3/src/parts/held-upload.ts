import { offsetMismatch } from '@tusker/core'
import type { Context } from '../context.ts'
import { takenOver, withToken } from '../locker/lease.ts'
import type { S3Record } from '../records/record.ts'
import { damaged, newName } from '../records/record.ts'
import { objectHeaders } from '../records/object-mark.ts'

/** The record of an upload that a writer holds, and the multipart upload of its parts. */
export interface HeldUpload {
  /** The record as the writer left it. */
  readonly record: S3Record
  /** The id of the multipart upload; null before the first part. */
  readonly multipart: string | null
  /** Creates the multipart upload if there is none. */
  openMultipart(): Promise<void>
  /**
   * Changes the record.
   *
   * Throws `UploadError` `interrupted` or `offset_mismatch` when another holder has changed the upload.
   */
  change(next: (now: S3Record) => S3Record): Promise<void>
  /** Returns the reason why the multipart upload is gone. Never rejects. */
  reasonOfLoss(cause: unknown): Promise<unknown>
}

/** @param begun the record when the append began */
export function heldUpload(
  { bucket, records }: Pick<Context, 'bucket' | 'records'>,
  begun: S3Record,
  token: number | null,
): HeldUpload {
  const { id } = begun.upload
  let { multipart } = begun
  let record = begun

  return {
    get record() {
      return record
    },

    get multipart() {
      return multipart
    },

    async openMultipart() {
      multipart ??= await bucket.createMultipart(record.key, objectHeaders(record))
    },

    async change(next) {
      const mark = newName()
      const { offset } = record.upload
      const version = await records.change(id, ({ record: now }) => {
        if (now.commit === mark) return now
        const held = withToken(now, token)
        if (now.mark !== begun.mark) throw takenOver()
        if (now.upload.offset !== offset) throw offsetMismatch(now.upload.offset, offset)
        if (now.multipart !== null && now.multipart !== multipart) throw takenOver()
        return { ...next(held), commit: mark }
      })
      record = version.record
    },

    async reasonOfLoss(cause) {
      try {
        const now = (await records.look(id))?.record
        // A later holder completed the upload. Otherwise another program aborted it.
        if (now === undefined || now.multipart !== multipart) return takenOver()
        withToken(now, token)
        return damaged({ cause })
      } catch (reason) {
        return reason
      }
    },
  }
}
