import { isFull, UploadError } from '@tusker/core'
import type { Context } from '../context.ts'
import { takenOver, withToken } from '../locker/lease.ts'
import type { Range } from '../parts/pieces.ts'
import type { S3Record } from '../records/record.ts'
import { newName } from '../records/record.ts'
import { joinParts, planJoin, sizeOf, withLoaded } from './join.ts'
import { objectHeaders } from '../records/object-mark.ts'

/**
 * Fills the empty upload of `record` with the bytes of other uploads, which the storage copies. Every attempt
 * makes its own parts, which are committed once the record names them.
 *
 * @returns the changed record
 */
export async function concatenate(
  context: Context,
  record: S3Record,
  sources: readonly S3Record[],
  token: number | null,
): Promise<S3Record> {
  const { bucket, plan, records, sealing } = context
  const ranges: Range[] = []
  for (const source of sources) ranges.push(...(await rangesOf(context, source)))
  const size = sizeOf(ranges)
  if (record.upload.offset !== 0) return joinedBefore(record, size)

  async function change(fields: Partial<S3Record>): Promise<S3Record> {
    const commit = newName()
    const version = await records.change(record.upload.id, ({ record: now }) => {
      if (now.commit === commit) return now
      const held = withToken(now, token)
      if (now.commit !== record.commit) throw takenOver()
      const upload = { ...now.upload, offset: size, updatedAt: new Date() }
      return { ...held, upload, ...fields, commit }
    })
    return version.record
  }

  if (size <= plan.partSize) {
    return withLoaded(context, ranges, size, async (payload) =>
      change({ sealed: await sealing.put(record, token, payload) }),
    )
  }
  const multipart = await bucket.createMultipart(record.key, objectHeaders(record))
  const target = { key: record.key, multipartId: multipart }
  const parts = await joinParts(context, target, planJoin(ranges, plan), 1)
  const nextPart = parts.length + 1
  return change({ multipart, parts, nextPart, reservedPart: nextPart })
}

/** The record, if an earlier attempt joined the parts and its response was lost. */
function joinedBefore(record: S3Record, size: number): S3Record {
  const { offset } = record.upload
  if (offset === size) return record
  throw new Error(`the upload is at ${offset}, so its parts cannot be joined`)
}

async function rangesOf({ sealing }: Context, source: S3Record): Promise<Range[]> {
  if (source.upload.offset === 0) return []
  if (!isFull(source.upload)) {
    throw new UploadError('invalid_part', 'a part of the upload is not complete')
  }
  const { size } = await sealing.ensure(source, null)
  return [{ key: source.key, start: 0, end: size }]
}
