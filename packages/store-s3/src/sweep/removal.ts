import { keepsBytes } from '@tusker/core'
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
  const { id, outcome } = record.upload
  await removePieces(context, record)
  const isKept = keepsObjects && outcome?.kind === 'accepted' && keepsBytes(outcome)
  if (!isKept) await removeObject(context, record)
  context.unsettled.delete(id)
  await context.records.remove(id)
}

/** Removes the bytes of an upload whose record stays. `record` is as it was when it named them. */
export async function removeBytes(context: Context, record: S3Record): Promise<void> {
  await removePieces(context, record)
  await removeObject(context, record)
  context.unsettled.delete(record.upload.id)
}

async function removePieces(context: Context, record: S3Record): Promise<void> {
  if (record.multipart !== null && record.sealed === null) {
    await context.bucket.abortMultipart(record.key, record.multipart)
  }
  await discard(context, record.tail)
}

/** Removes the finished object, unless another object has taken the key meanwhile. */
async function removeObject({ bucket }: Context, record: S3Record): Promise<void> {
  const info = await bucket.head(record.key)
  if (info !== null && isObjectOf(record, info.metadata)) await bucket.remove(record.key)
}
