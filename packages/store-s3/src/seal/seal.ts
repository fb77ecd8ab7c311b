import { isConflict, isS3Error } from '../client/errors.ts'
import { isGone } from '../client/bucket.ts'
import type { Payload } from '../client/port.ts'
import type { Context, Sealing } from '../context.ts'
import { takenOver, withToken } from '../locker/lease.ts'
import { withReservation } from '../parts/reservation.ts'
import { discard } from '../parts/pieces.ts'
import type { Piece, S3Record, Sealed } from '../records/record.ts'
import { damaged, newName, tailSize } from '../records/record.ts'
import { joinParts, planJoin, sizeOf, withLoaded } from './join.ts'
import { isObjectOf, objectHeaders } from '../records/object-mark.ts'
import { joinAll, keptRanges } from './rescue.ts'

/** Objects that this process finished, until a record names them. */
const REMEMBERED = 1_000

export function sealingIn(context: () => Context): Sealing {
  const sealing = new Map<string, Promise<Sealed>>()

  async function put(record: S3Record, token: number | null, payload: Payload): Promise<Sealed> {
    const { bucket, records, isConditional } = context()
    const headers = objectHeaders(record)
    const size = payload.length
    if (!(await isConditional())) {
      // Only bytes that the record names, or this process is the only one.
      return { etag: await bucket.put(record.key, payload, { headers }), size }
    }
    let expected: string | null = null
    for (;;) {
      try {
        const condition = { etag: expected }
        return { etag: await bucket.put(record.key, payload, { headers, condition }), size }
      } catch (error) {
        if (!isConflict(error)) throw error
      }
      // An object of an earlier attempt, or another one that this upload is to replace. Its tag is read
      // before the record: a later holder changes one or the other before its object counts.
      expected = (await bucket.head(record.key))?.etag ?? null
      const now = await records.look(record.upload.id)
      if (now === null || now.record.commit !== record.commit) throw takenOver()
      withToken(now.record, token)
    }
  }

  async function seal(record: S3Record, token: number | null): Promise<Sealed> {
    const { plan } = context()
    const size = record.upload.offset
    if (record.parts.length === 0 && size <= plan.partSize) {
      const ranges = record.tail.map(({ key, size: end }) => ({ key, start: 0, end }))
      return withLoaded(context(), ranges, size, (payload) => put(record, token, payload))
    }
    return complete(await promoted(record, token), token)
  }

  /**
   * Makes parts of pieces.
   *
   * @param all false if more bytes follow: bytes that are too few for a part then stay in pieces
   */
  async function promoted(record: S3Record, token: number | null, all = true): Promise<S3Record> {
    const { bucket, plan } = context()
    const count = all ? record.tail.length : wholeParts(record.tail, plan.smallestPart)
    const pieces = record.tail.slice(0, count)
    if (pieces.length === 0) return record
    const ranges = pieces.map(({ key, size: end }) => ({ key, start: 0, end }))
    const groups = planJoin(ranges, plan)
    // Joining cuts pieces, so that the last group may be too short for a part that others follow.
    const last = groups.at(-1)
    if (!all && last !== undefined && sizeOf(last) < plan.smallestPart) {
      const before = groups.at(-2) ?? []
      groups.splice(-2, 2, [...before, ...last])
    }
    const multipart =
      record.multipart ?? (await bucket.createMultipart(record.key, objectHeaders(record)))
    const begun = await change(record, token, (now) => ({
      ...withReservation(now, groups.length),
      multipart,
    }))
    const target = { key: record.key, multipartId: multipart }
    const parts = await joinParts(context(), target, groups, begun.nextPart)
    const done = await change(begun, token, (now) => ({
      ...now,
      parts: [...now.parts, ...parts],
      nextPart: begun.reservedPart,
      reservedPart: begun.reservedPart,
      tail: now.tail.slice(count),
    }))
    void discard(context(), pieces)
    return done
  }

  /** Completes the multipart upload, and checks the result. */
  async function complete(record: S3Record, token: number | null): Promise<Sealed> {
    if (record.joined !== null) return complete(await rescued(record, token), token)
    const { bucket } = context()
    const { key, multipart, parts } = record
    try {
      await bucket.completeMultipart(key, multipart ?? '', parts)
    } catch (error) {
      if (isS3Error(error, 'InvalidPart', 'InvalidRequest')) {
        return complete(await withAllParts(record, token), token)
      }
      // It was completed earlier, by a request whose response was lost or by another holder.
      if (!isGone(error)) throw error
    }
    return checked(record, record.upload.offset)
  }

  /** The finished object, if it has the expected size and mark. */
  async function checked(record: S3Record, size: number): Promise<Sealed> {
    const info = await context().bucket.head(record.key)
    if (info === null || info.size !== size || !isObjectOf(record, info.metadata)) throw damaged()
    return { etag: info.etag, size }
  }

  /** Records all parts of the storage, if a stale holder left parts that the storage requires to be named. */
  async function withAllParts(record: S3Record, token: number | null): Promise<S3Record> {
    const joined = await joinAll(context(), record)
    return change(record, token, (now) => ({ ...now, joined }))
  }

  /** Joins all parts, and makes a new multipart upload of the committed bytes. */
  async function rescued(record: S3Record, token: number | null): Promise<S3Record> {
    const { bucket, plan } = context()
    const { key, multipart, joined } = record
    if (joined === null) return record
    try {
      await bucket.completeMultipart(key, multipart ?? '', joined)
    } catch (error) {
      if (isS3Error(error, 'InvalidPart', 'InvalidRequest')) return withAllParts(record, token)
      if (!isGone(error)) throw error
    }
    await checked(
      record,
      joined.reduce((sum, { size }) => sum + size, 0),
    )
    const groups = planJoin(keptRanges(record, joined), plan)
    const target = { key, multipartId: await bucket.createMultipart(key, objectHeaders(record)) }
    const parts = await joinParts(context(), target, groups, 1)
    return change(record, token, (now) => ({
      ...now,
      multipart: target.multipartId,
      parts,
      nextPart: parts.length + 1,
      reservedPart: parts.length + 1,
      joined: null,
    }))
  }

  /** Changes the record while no other caller has changed the upload. */
  async function change(
    record: S3Record,
    token: number | null,
    next: (now: S3Record) => S3Record,
  ): Promise<S3Record> {
    const commit = newName()
    const version = await context().records.change(record.upload.id, ({ record: now }) => {
      if (now.commit === commit) return now
      const held = withToken(now, token)
      if (now.mark !== record.mark || now.commit !== record.commit) throw takenOver()
      return { ...next(held), commit }
    })
    return version.record
  }

  return {
    put,

    async settleTail(record, token) {
      const { plan } = context()
      const { length, offset } = record.upload
      const isShort = tailSize(record) < plan.partSize || plan.equalParts || offset === length
      return isShort ? record : promoted(record, token, false)
    },

    ensure(record, token) {
      if (record.sealed !== null) return Promise.resolve(record.sealed)
      const known = sealing.get(record.mark)
      if (known !== undefined) return known
      const work = seal(record, token)
      sealing.set(record.mark, work)
      work.catch(() => sealing.delete(record.mark))
      if (sealing.size > REMEMBERED) {
        for (const oldest of sealing.keys()) {
          sealing.delete(oldest)
          break
        }
      }
      return work
    },
  }
}

/** How many pieces, from the first one on, make parts without a rest that is too short. */
function wholeParts(tail: readonly Piece[], smallestPart: number): number {
  let count = 0
  let size = 0
  for (const [index, piece] of tail.entries()) {
    size += piece.size
    if (size < smallestPart) continue
    count = index + 1
    size = 0
  }
  return count
}
