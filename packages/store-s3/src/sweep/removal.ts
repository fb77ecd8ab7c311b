import type { Context } from '../context.ts'
import { discard } from '../parts/pieces.ts'
import type { S3Record } from '../records/record.ts'
import { isObjectOf } from '../records/object-mark.ts'

/**
 * Removes the objects of an upload, and its record last. If the process dies in between, the record says
 * that the upload is being removed.
 */
export async function finishRemoval(
  context: Context,
  record: S3Record,
  keepsObjects: boolean,
): Promise<void> {
  const { bucket, records } = context
  const { id, outcome } = record.upload
  if (record.multipart !== null && record.sealed === null) {
    await bucket.abortMultipart(record.key, record.multipart)
  }
  await discard(context, record.tail)
  if (!(keepsObjects && outcome?.kind === 'accepted')) await removeObject(context, record)
  context.unsettled.delete(id)
  await records.remove(id)
}

/** Removes the finished object, unless another object has taken the key meanwhile. */
async function removeObject({ bucket }: Context, record: S3Record): Promise<void> {
  const info = await bucket.head(record.key)
  if (info !== null && isObjectOf(record, info.metadata)) await bucket.remove(record.key)
}
