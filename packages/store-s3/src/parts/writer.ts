import type { AppendOptions } from '@tusker/core'
import { offsetMismatch } from '@tusker/core'
import { isGone } from '../client/bucket.ts'
import type { Context } from '../context.ts'
import { takenOver, withToken } from '../locker/lease.ts'
import type { S3Record } from '../records/record.ts'
import { damaged, newName, partsEnd } from '../records/record.ts'
import { objectHeaders } from '../records/object-mark.ts'
import { discard, loadRanges } from './pieces.ts'
import { SLAB } from './memory.ts'
import type { PartBuffer } from './part-buffer.ts'
import { partBuffer } from './part-buffer.ts'
import type { PlacedPiece } from './placed-piece.ts'
import { endOf, mergePlan, placed } from './placed-piece.ts'
import { maySendEarly, partSizeAt } from './plan.ts'
import { windowFor, withReservation } from './reservation.ts'
import type { SentPart } from './sent-part.ts'
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
  const { bucket, records, memory, plan, keys } = context
  const { id, length } = begun.upload
  const window = windowFor(context.partsInFlight)

  let record = begun
  let multipart = begun.multipart
  let nextNumber = begun.nextPart
  /** Where the next part begins. */
  let partStart = partsEnd(begun)
  let pieces: readonly PlacedPiece[] = placed(begun.tail, partStart)
  let sent: SentPart[] = []
  let buffer = partBuffer(memory, begun.upload.offset)
  let failure: { readonly error: unknown } | null = null
  let timer: ReturnType<typeof setTimeout> | null = null
  /** True while bytes of the buffer are being sent or moved. No memory is released meanwhile. */
  let isBusy = false
  let filling: Promise<void> | null = null
  /** True once numbers are reserved for this append alone. */
  let isReserved = token !== null && begun.lease !== null && token === begun.token
  /** Pieces to remove once the record names them no more. */
  let unnamed: PlacedPiece[] = []
  let turn: Promise<unknown> = Promise.resolve()

  const forget = memory.onPressure(release)

  /** Runs one step at a time, because a chunk, the timer and the end of the body can all send. */
  function inTurn<Result>(step: () => Promise<Result>): Promise<Result> {
    const next = turn.then(step)
    turn = next.catch(() => {})
    return next
  }

  function piecesEnd(): number {
    return endOf(pieces, partStart)
  }

  /** Releases memory whose bytes are in pieces. */
  function release(): void {
    if (!isBusy) buffer.dropBefore(Math.min(piecesEnd(), buffer.end))
  }

  function sizeOfNext(): number {
    return partSizeAt(plan, { start: partStart, length, number: nextNumber })
  }

  function assertWell(): void {
    if (failure !== null) throw failure.error
  }

  /** Loads the bytes of a part that are only in pieces. No bytes are received meanwhile. */
  async function fill(): Promise<void> {
    if (buffer.start === partStart) return
    filling = busy(async () => {
      const size = Math.max(sizeOfNext(), buffer.end - partStart)
      let slabs = memory.tryTake(size)
      if (slabs === null) {
        // The upload releases its memory before it waits for more: two uploads could block each other.
        await putPiece()
        buffer.dropBefore(buffer.end)
        slabs = await memory.take(size)
      }
      buffer = await loaded(slabs)
    })
    await filling.finally(() => (filling = null))
  }

  async function loaded(slabs: readonly Uint8Array[]): Promise<PartBuffer> {
    const whole = partBuffer(memory, partStart)
    whole.addSlabs(slabs)
    whole.skip(buffer.start - partStart)
    const ranges = pieces
      .filter(({ start }) => start < buffer.start)
      .map(({ key, size }) => ({ key, start: 0, end: size }))
    try {
      await loadRanges(context, ranges, (bytes, at) => whole.fill(partStart + at, bytes))
    } catch (error) {
      whole.dispose()
      throw error
    }
    for (const chunk of buffer.payload(buffer.start, buffer.end).chunks) whole.write(chunk)
    buffer.dispose()
    return whole
  }

  async function busy(work: () => Promise<void>): Promise<void> {
    const before = isBusy
    isBusy = true
    try {
      await work()
    } finally {
      isBusy = before
    }
  }

  /** Sends the received bytes as the next part. */
  async function sendPart(): Promise<void> {
    await freePlace()
    await reserve()
    await busy(async () => {
      await fill()
      launch()
    })
    schedule()
  }

  /** Makes a part of the received bytes, and begins to send it. */
  function launch(): void {
    const number = nextNumber++
    const part: SentPart = {
      number,
      end: buffer.end,
      size: buffer.end - partStart,
      buffer,
      pieces,
      etag: null,
      done: Promise.resolve(),
    }
    buffer = partBuffer(memory, part.end)
    partStart = part.end
    pieces = []
    sent.push(part)
    context.unsettled.add(id)
    part.done = upload(part).catch((error: unknown) => {
      failure ??= { error }
    })
  }

  async function upload(part: SentPart): Promise<void> {
    const target = { key: record.key, multipartId: multipart ?? '', number: part.number }
    const payload = part.buffer.payload(part.end - part.size, part.end)
    try {
      part.etag = await bucket.uploadPart(target, payload)
    } catch (error) {
      throw isGone(error) ? await reasonOfLoss(error) : error
    } finally {
      part.buffer.dispose()
    }
  }

  /** Why the multipart upload is gone: a later holder completed it, or another program aborted it. */
  async function reasonOfLoss(cause: unknown): Promise<unknown> {
    try {
      const now = (await records.look(id))?.record
      if (now === undefined || now.multipart !== multipart) return takenOver()
      withToken(now, token)
      return damaged({ cause })
    } catch (reason) {
      return reason
    }
  }

  /** Waits until one more part may be sent. */
  async function freePlace(): Promise<void> {
    for (;;) {
      assertWell()
      const underWay = sent.filter(({ etag }) => etag === null)
      if (underWay.length < context.partsInFlight) return
      await Promise.race(underWay.map(({ done }) => done))
    }
  }

  /** Creates the multipart upload if there is none, and reserves the next number in the record. */
  async function reserve(): Promise<void> {
    multipart ??= await bucket.createMultipart(record.key, objectHeaders(record))
    if (isReserved && nextNumber < record.reservedPart) return
    if (isReserved) {
      await settled()
      await commit()
    } else {
      await change((now) => ({ ...withReservation(now, window), multipart }))
      nextNumber = record.nextPart
      isReserved = true
    }
  }

  /** Writes the bytes that are in no piece into a new piece, together with smaller earlier pieces. */
  async function putPiece(): Promise<void> {
    const { end } = buffer
    if (piecesEnd() >= end) return
    const { kept, start } = mergePlan(pieces, buffer, piecesEnd())
    const key = keys.piece(id)
    await busy(async () => void (await bucket.put(key, buffer.payload(start, end))))
    const replaced = pieces.slice(kept.length)
    pieces = [...kept, { key, size: end - start, start }]
    unnamed.push(...replaced)
  }

  async function settled(): Promise<void> {
    await Promise.all(sent.map(({ done }) => done))
  }

  /** Commits the unbroken run of parts that the storage has, and the pieces behind it. */
  async function commit(isLast = false): Promise<void> {
    const { parts, tail, replaced, end } = committable(record, sent, pieces)
    const isAll = parts.length === sent.length
    const isClean = isLast && isAll && failure === null
    if (isClean) context.unsettled.delete(id)
    const isGrown = end > record.upload.offset
    // If the lease is in the record, its release returns the numbers.
    const givesBack = isClean && isReserved && begun.lease === null
    if (!isGrown && parts.length === 0 && !givesBack) return
    const done = unnamed
    unnamed = []
    const next = Math.max(record.nextPart, (parts.at(-1)?.number ?? 0) + 1)
    await change((now) => ({
      ...now,
      upload: isGrown ? { ...now.upload, offset: end, updatedAt: new Date() } : now.upload,
      multipart: parts.length > 0 ? multipart : now.multipart,
      parts: [...now.parts, ...parts],
      nextPart: next,
      reservedPart: isClean ? next : Math.max(now.reservedPart, next + window),
      tail: tail.map(({ key, size }) => ({ key, size })),
    }))
    sent = sent.slice(parts.length)
    void discard(context, [...done, ...replaced])
    if (isGrown) onProgress?.(end)
    if (memory.isWanted()) release()
  }

  /** Changes the record as long as the caller holds the upload, and the upload is where we left it. */
  async function change(next: (now: S3Record) => S3Record): Promise<void> {
    const mark = newName()
    const { offset } = record.upload
    const version = await records.change(id, ({ record: now }) => {
      if (now.commit === mark) return now
      const held = withToken(now, token)
      if (now.upload.offset !== offset) throw offsetMismatch(now.upload.offset, offset)
      if (now.multipart !== null && now.multipart !== multipart) throw takenOver()
      return { ...next(held), commit: mark }
    })
    record = version.record
  }

  function schedule(): void {
    timer ??= setTimeout(() => {
      void inTurn(commitOnTime).catch((error: unknown) => {
        failure ??= { error }
      })
    }, context.commitEvery)
  }

  async function commitOnTime(): Promise<void> {
    timer = null
    assertWell()
    const underWay = sent.some(({ etag }) => etag === null)
    if (!underWay && buffer.end > piecesEnd()) {
      const position = { start: partStart, length, number: nextNumber }
      if (buffer.end !== length && maySendEarly(plan, position, buffer.end - partStart)) {
        await sendPart()
        await settled()
        assertWell()
      } else {
        await putPiece()
      }
    }
    await commit()
    if (sent.length > 0 || buffer.end > piecesEnd()) schedule()
  }

  /** Waits for a slab. The caller puts bytes into it at once: an empty slab is given to other uploads. */
  async function nextSlabs(): Promise<readonly Uint8Array[]> {
    const slabs = memory.tryTake(SLAB)
    if (slabs === null && maySendNow()) {
      await inTurn(async () => {
        if (maySendNow()) await sendPart()
      })
    }
    return slabs ?? memory.take(SLAB)
  }

  function maySendNow(): boolean {
    const position = { start: partStart, length, number: nextNumber }
    return buffer.start === partStart && maySendEarly(plan, position, buffer.end - partStart)
  }

  return {
    get reached() {
      return buffer.end
    },

    async add(chunk) {
      context.receivedAt.set(id, performance.now())
      for (let at = 0; at < chunk.byteLength; ) {
        assertWell()
        await filling?.catch(() => {})
        if (buffer.end - partStart >= sizeOfNext()) {
          await inTurn(async () => {
            if (buffer.end - partStart >= sizeOfNext()) await sendPart()
          })
        }
        if (buffer.room() === 0) {
          const slabs = await nextSlabs()
          // A part may have been sent meanwhile: then this is another buffer than before.
          buffer.addSlabs(slabs)
        }
        const room = Math.min(buffer.room(), partStart + sizeOfNext() - buffer.end)
        const part = chunk.subarray(at, at + Math.max(0, room))
        buffer.write(part)
        at += part.byteLength
        schedule()
      }
    },

    end: () =>
      inTurn(async () => {
        if (timer !== null) clearTimeout(timer)
        const isFull = length !== null && buffer.end === length
        const hasParts = partStart > 0 || sent.length > 0
        if (isFull && !hasParts && (await context.mayPutFirst())) {
          await busy(async () => {
            await fill()
            await sealWhole()
          })
        } else {
          if (isFull && hasParts && buffer.end > partStart) await sendPart()
          await settled()
          assertWell()
          await putPiece()
          await commit(true)
        }
        forget()
        buffer.dispose()
        return record
      }),

    async abandon() {
      if (timer !== null) clearTimeout(timer)
      await inTurn(async () => {
        await settled()
        await commit()
      }).catch(() => {})
      forget()
      buffer.dispose()
    },
  }

  /** Puts all bytes of a small upload into its finished object. */
  async function sealWhole(): Promise<void> {
    const size = buffer.end
    const done = [...unnamed, ...pieces]
    const sealed = await context.sealing.put(record, token, buffer.payload(0, size))
    await change((now) => ({
      ...now,
      upload: { ...now.upload, offset: size, updatedAt: new Date() },
      tail: [],
      multipart: null,
      sealed,
    }))
    pieces = []
    if (multipart !== null) void bucket.abortMultipart(record.key, multipart).catch(() => {})
    void discard(context, done)
    onProgress?.(size)
  }
}
