import type { AppendOptions } from '@tusker/core'
import type { Context } from '../context.ts'
import type { S3Record } from '../records/record.ts'
import { heldUpload } from './held-upload.ts'
import { SLAB } from './memory.ts'
import { nextPart } from './next-part.ts'
import { partSender } from './part-sender.ts'
import { discard } from './pieces.ts'
import type { Position } from './plan.ts'
import { maySendEarly, partSizeAt } from './plan.ts'
import { windowFor, withReservation } from './reservation.ts'
import { committable } from './sent-part.ts'

/** Receives the bytes of one append, and commits them as they arrive. */
export interface PartWriter {
  /** Receives a chunk. Throws the error with which an earlier chunk could not be sent. */
  add(chunk: Uint8Array): Promise<void>
  /** Commits everything, and returns the new record. The parts of a full upload hold all its bytes. */
  end(): Promise<S3Record>
  /** Commits as many bytes as possible after a failure. Never rejects. */
  abandon(): Promise<void>
  /** The offset behind the received bytes. */
  readonly reached: number
}

/**
 * Gathers bytes into parts, sends several parts at the same time, and commits the unbroken run of parts
 * that the storage has. Bytes that are too few for a part go into pieces, which are merged into a part later.
 */
export function partWriter(
  context: Context,
  begun: S3Record,
  { token, onProgress }: AppendOptions,
): PartWriter {
  const { bucket, memory, plan } = context
  const { id, length } = begun.upload
  const window = windowFor(context.partsInFlight)
  const held = heldUpload(context, begun, token)
  const next = nextPart(context, begun)
  const sender = partSender(context, held)

  let nextNumber = begun.nextPart
  let timer: ReturnType<typeof setTimeout> | null = null
  /** True once numbers are reserved for this append alone. */
  let isReserved = token !== null && begun.lease !== null && token === begun.token
  let turn: Promise<unknown> = Promise.resolve()

  /** Runs one step at a time, because a chunk, the timer and the end of the body can all send. */
  function inTurn<Result>(step: () => Promise<Result>): Promise<Result> {
    const result = turn.then(step)
    turn = result.catch(() => {})
    return result
  }

  function position(): Position {
    return { start: next.start, length, number: nextNumber }
  }

  function sizeOfNext(): number {
    return partSizeAt(plan, position())
  }

  function isLongEnough(): boolean {
    return maySendEarly(plan, position(), next.end - next.start)
  }

  /** Sends the received bytes as the next part. */
  async function sendPart(): Promise<void> {
    await sender.freePlace()
    await reserve()
    await next.busy(async () => {
      await next.fill(sizeOfNext())
      context.unsettled.add(id)
      sender.send(next.take(), nextNumber++)
    })
    schedule()
  }

  /** Creates the multipart upload if there is none, and reserves the next number in the record. */
  async function reserve(): Promise<void> {
    await held.openMultipart()
    if (isReserved && nextNumber < held.record.reservedPart) return
    if (isReserved) {
      await sender.settled()
      await commit()
    } else {
      const { multipart } = held
      await held.change((now) => ({ ...withReservation(now, window), multipart }))
      nextNumber = held.record.nextPart
      isReserved = true
    }
  }

  /** Commits the unbroken run of parts that the storage has, and the pieces behind it. */
  async function commit(isLast = false): Promise<void> {
    const { record, multipart } = held
    const { parts, tail, replaced, end } = committable(record, sender.sent, next.pieces)
    const isClean = isLast && parts.length === sender.sent.length && !sender.hasFailed()
    if (isClean) context.unsettled.delete(id)
    const isGrown = end > record.upload.offset
    // If the lease is in the record, its release returns the numbers.
    const givesBack = isClean && isReserved && begun.lease === null
    if (!isGrown && parts.length === 0 && !givesBack) return
    const done = next.takeReplaced()
    const unused = Math.max(record.nextPart, (parts.at(-1)?.number ?? 0) + 1)
    await held.change((now) => ({
      ...now,
      upload: isGrown ? { ...now.upload, offset: end, updatedAt: new Date() } : now.upload,
      multipart: parts.length > 0 ? multipart : now.multipart,
      parts: [...now.parts, ...parts],
      nextPart: unused,
      reservedPart: isClean ? unused : Math.max(now.reservedPart, unused + window),
      tail: tail.map(({ key, size }) => ({ key, size })),
    }))
    sender.forget(parts.length)
    void discard(context, [...done, ...replaced])
    if (isGrown) onProgress?.(end)
    if (memory.isWanted()) next.release()
  }

  function schedule(): void {
    timer ??= setTimeout(() => void inTurn(commitOnTime).catch(sender.fail), context.commitEvery)
  }

  function unschedule(): void {
    if (timer !== null) clearTimeout(timer)
  }

  async function commitOnTime(): Promise<void> {
    timer = null
    sender.assertWell()
    if (!sender.isUnderWay() && next.hasUnsaved()) {
      if (next.end !== length && isLongEnough()) {
        await sendPart()
        await sender.settled()
        sender.assertWell()
      } else {
        await next.putPiece()
      }
    }
    await commit()
    if (sender.sent.length > 0 || next.hasUnsaved()) schedule()
  }

  /** Waits for a slab. The caller puts bytes into it at once: an empty slab is given to other uploads. */
  async function nextSlabs(): Promise<readonly Uint8Array[]> {
    const slabs = memory.tryTake(SLAB)
    if (slabs === null) await sendIf(() => next.isInMemory() && isLongEnough())
    return slabs ?? memory.take(SLAB)
  }

  /** Sends a part if that is right now, and still is when its turn has come. */
  async function sendIf(isRight: () => boolean): Promise<void> {
    if (!isRight()) return
    await inTurn(async () => {
      if (isRight()) await sendPart()
    })
  }

  /** Puts all bytes of a small upload into its finished object. */
  async function sealWhole(): Promise<void> {
    const payload = next.payload()
    const size = payload.length
    const sealed = await context.sealing.put(held.record, token, payload)
    await held.change((now) => ({
      ...now,
      upload: { ...now.upload, offset: size, updatedAt: new Date() },
      tail: [],
      multipart: null,
      sealed,
    }))
    const { multipart } = held
    if (multipart !== null) void bucket.abortMultipart(begun.key, multipart).catch(() => {})
    void discard(context, [...next.takeReplaced(), ...next.pieces])
    onProgress?.(size)
  }

  return {
    get reached() {
      return next.end
    },

    async add(chunk) {
      context.receivedAt.set(id, performance.now())
      for (let at = 0; at < chunk.byteLength; ) {
        sender.assertWell()
        await next.filled()
        await sendIf(() => next.end - next.start >= sizeOfNext())
        // A part may have been sent before the slabs came: then they are for the part behind it.
        if (next.room() === 0) next.addSlabs(await nextSlabs())
        const room = Math.min(next.room(), next.start + sizeOfNext() - next.end)
        const bytes = chunk.subarray(at, at + Math.max(0, room))
        next.write(bytes)
        at += bytes.byteLength
        schedule()
      }
    },

    end: () =>
      inTurn(async () => {
        unschedule()
        const isFull = length !== null && next.end === length
        const hasParts = next.start > 0 || sender.sent.length > 0
        if (isFull && !hasParts && (await context.mayPutFirst())) {
          await next.busy(async () => {
            await next.fill(sizeOfNext())
            await sealWhole()
          })
        } else {
          if (isFull && hasParts && next.end > next.start) await sendPart()
          await sender.settled()
          sender.assertWell()
          await next.putPiece()
          await commit(true)
        }
        next.dispose()
        return held.record
      }),

    async abandon() {
      unschedule()
      await inTurn(async () => {
        await sender.settled()
        await commit()
      }).catch(() => {})
      next.dispose()
    },
  }
}
