import type { WholeContent } from '@tusker/core'
import { isConflict } from '../client/errors.ts'
import type { Payload } from '../client/port.ts'
import type { Context } from '../context.ts'
import { objectHeaders } from '../records/object-mark.ts'
import type { Piece, S3Record, Sealed } from '../records/record.ts'
import { discard } from './pieces.ts'

/** What became of an upload. Without its outcome it still has to be finished. */
export type WholeCreation = 'taken' | 'without outcome' | 'whole'

/**
 * Creates an upload with all its bytes: one write of the finished object, and one of the record. The bytes go
 * into a piece instead if there is such an object, or if the bucket ignores conditions: an object that another
 * record may name must not change.
 */
export async function createWhole(
  context: Context,
  record: S3Record,
  { chunks, outcome }: WholeContent,
): Promise<WholeCreation> {
  const { bucket, records, keys } = context
  const offset = chunks.reduce((sum, { byteLength }) => sum + byteLength, 0)
  const payload = { length: offset, chunks }
  const upload = { ...record.upload, offset, updatedAt: new Date() }
  const sealed = await putNew(context, record, payload)
  if (sealed !== null) {
    const isCreated = await records.create({ ...record, upload: { ...upload, outcome }, sealed })
    return isCreated ? 'whole' : 'taken'
  }
  const tail: Piece[] = offset === 0 ? [] : [{ key: keys.piece(upload.id), size: offset }]
  for (const { key } of tail) await bucket.put(key, payload)
  if (await records.create({ ...record, upload, tail })) return 'without outcome'
  await discard(context, tail)
  return 'taken'
}

/** The new object; null if there is one already, or if the bucket could not prevent that it is replaced. */
async function putNew(
  { bucket, isConditional }: Context,
  record: S3Record,
  payload: Payload,
): Promise<Sealed | null> {
  if (!(await isConditional())) return null
  try {
    const options = { headers: objectHeaders(record), condition: { etag: null } }
    return { etag: await bucket.put(record.key, payload, options), size: payload.length }
  } catch (error) {
    if (isConflict(error)) return null
    throw error
  }
}
