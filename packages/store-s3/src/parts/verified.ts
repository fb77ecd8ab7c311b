import type { VerifiedAppendOptions } from '@tusker/core'
import { offsetMismatch } from '@tusker/core'
import type { Context } from '../context.ts'
import { takenOver, withToken } from '../locker/lease.ts'
import type { Piece, S3Record } from '../records/record.ts'
import { newName } from '../records/record.ts'
import { SLAB } from './memory.ts'
import { partBuffer } from './part-buffer.ts'
import { discard } from './pieces.ts'

/**
 * Receives bytes that are committed only if `verify` accepts them. Until then they are in pieces that the
 * record does not name, or in memory if they are few.
 *
 * @returns the record as it is then
 */
export async function appendVerified(
  context: Context,
  begun: S3Record,
  bytes: AsyncIterable<Uint8Array>,
  { verify, token, onProgress }: VerifiedAppendOptions,
): Promise<S3Record> {
  const { bucket, records, memory, plan, keys, sealing } = context
  const { id, offset, length } = begun.upload
  const pieces: Piece[] = []
  let buffer = partBuffer(memory, offset)

  async function putPiece(): Promise<void> {
    const size = buffer.end - buffer.start
    if (size === 0) return
    const key = keys.piece(id)
    await bucket.put(key, buffer.payload(buffer.start, buffer.end))
    pieces.push({ key, size })
    const { end } = buffer
    buffer.dispose()
    buffer = partBuffer(memory, end)
  }

  /** Gets one more slab. The upload holds no memory while it waits: two uploads could block each other. */
  async function makeRoom(): Promise<void> {
    if (buffer.room() > 0) return
    let slabs = memory.tryTake(SLAB)
    if (slabs === null) {
      await putPiece()
      slabs = await memory.take(SLAB)
    }
    buffer.addSlabs(slabs)
  }

  async function take(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.byteLength; ) {
      if (buffer.end - buffer.start >= plan.partSize) await putPiece()
      await makeRoom()
      const room = Math.min(buffer.room(), buffer.start + plan.partSize - buffer.end)
      const part = chunk.subarray(at, at + room)
      buffer.write(part)
      at += part.byteLength
    }
  }

  async function change(next: (now: S3Record) => Partial<S3Record>): Promise<S3Record> {
    const { end } = buffer
    const commit = newName()
    const version = await records.change(id, ({ record: now }) => {
      if (now.commit === commit) return now
      const held = withToken(now, token)
      if (now.upload.offset !== offset) throw offsetMismatch(now.upload.offset, offset)
      if (now.mark !== begun.mark || now.commit !== begun.commit) throw takenOver()
      const upload = { ...now.upload, offset: end, updatedAt: new Date() }
      return { ...held, upload, ...next(now), commit }
    })
    onProgress?.(end)
    return version.record
  }

  /** Writes an upload that arrived in one request into its finished object. */
  async function sealWhole(): Promise<S3Record> {
    const sealed = await sealing.put(begun, token, buffer.payload(offset, buffer.end))
    return change(() => ({ sealed }))
  }

  /** True if the bytes are to be committed. */
  async function arrived(): Promise<boolean> {
    try {
      for await (const chunk of bytes) await take(chunk)
      return await verify()
    } catch (error) {
      void discard(context, pieces)
      throw error
    }
  }

  try {
    if (!(await arrived())) {
      void discard(context, pieces)
      return begun
    }
    if (buffer.end === offset) return begun
    const isWhole = offset === 0 && pieces.length === 0 && buffer.end === length
    if (isWhole && (await context.mayPutFirst())) return await sealWhole()
    await putPiece()
    // If the response was lost, the record may name the pieces: keep them.
    return await change((now) => ({ tail: [...now.tail, ...pieces] }))
  } finally {
    buffer.dispose()
  }
}
