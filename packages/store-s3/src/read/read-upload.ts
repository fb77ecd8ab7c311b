import { UploadError } from '@tusker/core'
import { chunksOf } from '../client/read-body.ts'
import type { Context } from '../context.ts'
import type { Range } from '../parts/pieces.ts'
import { sizeOf } from '../seal/join.ts'
import type { S3Record } from '../records/record.ts'
import { damaged } from '../records/record.ts'
import { isFull } from '@tusker/core'

/** How often a download that was cut off is continued without a byte more. */
const TRIES = 5

/** The bytes of an upload from `start` up to, not including, `end`. */
export async function* readUpload(
  context: Context,
  record: S3Record,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  let at = 0
  for (const range of await rangesOf(context, record)) {
    const size = sizeOf([range])
    const from = Math.max(start - at, 0)
    const to = Math.min(end - at, size)
    at += size
    if (from < to) yield* readRange(context, range, from, to)
  }
}

/** A range of an object or of a piece, and the entity tag that the bytes must have. */
interface ReadRange extends Range {
  /** Null if the key is never written twice, so that it identifies the bytes. */
  readonly etag: string | null
}

async function rangesOf(context: Context, record: S3Record): Promise<ReadRange[]> {
  if (record.sealed === null && !isFull(record.upload)) {
    if (record.parts.length > 0) {
      throw new Error('the parts of an upload can be read once it is complete')
    }
    return record.tail.map(({ key, size }) => ({ key, start: 0, end: size, etag: null }))
  }
  const { etag, size } = await context.sealing.ensure(record, null)
  return [{ key: record.key, start: 0, end: size, etag }]
}

/** Reads on where a connection was lost. */
async function* readRange(
  { bucket }: Context,
  { key, etag }: ReadRange,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  let tries = 0
  for (let at = start; at < end; ) {
    const object = await bucket.get(key, [at, end - 1])
    if (object === null) throw new UploadError('not_found', 'the object of the upload is gone')
    if (etag !== null && object.etag !== etag) throw damaged()
    try {
      for await (const chunk of chunksOf(object.body)) {
        tries = 0
        at += chunk.byteLength
        yield chunk
      }
    } catch (error) {
      tries += 1
      if (tries === TRIES || !(error instanceof TypeError)) throw error
    }
  }
}
