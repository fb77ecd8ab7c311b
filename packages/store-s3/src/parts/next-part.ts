import type { Payload } from '../client/port.ts'
import type { Context } from '../context.ts'
import type { S3Record } from '../records/record.ts'
import { partsEnd } from '../records/record.ts'
import type { PartBuffer } from './part-buffer.ts'
import { partBuffer } from './part-buffer.ts'
import { loadRanges } from './pieces.ts'
import type { PlacedPiece } from './placed-piece.ts'
import { endOf, mergePlan, placed } from './placed-piece.ts'

/** The bytes of a part, and the pieces that hold some of them as well. */
export interface TakenPart {
  readonly start: number
  readonly end: number
  readonly buffer: PartBuffer
  readonly pieces: readonly PlacedPiece[]
}

/** The bytes that are in no part yet: in memory, in pieces, or in both. Positions are offsets in the upload. */
export interface NextPart {
  /** Where the part begins. */
  readonly start: number
  /** Where the received bytes end. */
  readonly end: number
  /** In the order of their bytes. */
  readonly pieces: readonly PlacedPiece[]
  /** True if memory holds bytes that no piece holds. */
  hasUnsaved(): boolean
  /** True if memory holds all bytes. */
  isInMemory(): boolean
  /** Bytes that fit without another slab. */
  room(): number
  addSlabs(slabs: readonly Uint8Array[]): void
  /** Copies received bytes to the end. There has to be room. */
  write(bytes: Uint8Array): void
  /** All bytes from the start on. Memory has to hold them. */
  payload(): Payload
  /**
   * Loads the bytes that only pieces hold. No bytes may be received until then, see `filled`.
   *
   * @param size the bytes that the part will have
   */
  fill(size: number): Promise<void>
  /** Resolves once no `fill` is under way. Never rejects. */
  filled(): Promise<void>
  /** Writes the bytes that no piece holds into a new piece, together with smaller earlier pieces. */
  putPiece(): Promise<void>
  /** Returns the pieces that others replaced since the last call. Remove them once the record names them no more. */
  takeReplaced(): readonly PlacedPiece[]
  /** Returns all bytes, and begins the part behind them. */
  take(): TakenPart
  /** Runs `work` while no memory is released: its bytes are being sent or moved. */
  busy(work: () => Promise<void>): Promise<void>
  /** Releases memory whose bytes are in pieces, unless it is busy. */
  release(): void
  /** Gives all memory back. */
  dispose(): void
}

/** @param begun the record when the append began */
export function nextPart(context: Context, begun: S3Record): NextPart {
  const { bucket, memory, keys } = context
  // All bytes of a sealed upload are in its object. An append without bytes must not write another one.
  let start = begun.sealed === null ? partsEnd(begun) : begun.upload.offset
  let pieces: readonly PlacedPiece[] = placed(begun.tail, start)
  let buffer = partBuffer(memory, begun.upload.offset)
  let replaced: PlacedPiece[] = []
  let isBusy = false
  let filling: Promise<void> | null = null

  const forget = memory.onPressure(release)

  function piecesEnd(): number {
    return endOf(pieces, start)
  }

  function release(): void {
    if (!isBusy) buffer.dropBefore(Math.min(piecesEnd(), buffer.end))
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

  async function putPiece(): Promise<void> {
    const { end } = buffer
    if (piecesEnd() >= end) return
    const plan = mergePlan(pieces, buffer, piecesEnd())
    const key = keys.piece(begun.upload.id)
    await busy(async () => void (await bucket.put(key, buffer.payload(plan.start, end))))
    replaced.push(...pieces.slice(plan.kept.length))
    pieces = [...plan.kept, { key, size: end - plan.start, start: plan.start }]
  }

  async function load(size: number): Promise<void> {
    let slabs = memory.tryTake(size)
    if (slabs === null) {
      // The upload releases its memory before it waits for more: two uploads could block each other.
      await putPiece()
      buffer.dropBefore(buffer.end)
      slabs = await memory.take(size)
    }
    buffer = await loaded(slabs)
  }

  async function loaded(slabs: readonly Uint8Array[]): Promise<PartBuffer> {
    const whole = partBuffer(memory, start)
    whole.addSlabs(slabs)
    whole.skip(buffer.start - start)
    const ranges = pieces
      .filter((piece) => piece.start < buffer.start)
      .map(({ key, size }) => ({ key, start: 0, end: size }))
    try {
      await loadRanges(context, ranges, (bytes, at) => whole.fill(start + at, bytes))
    } catch (error) {
      whole.dispose()
      throw error
    }
    for (const chunk of buffer.payload(buffer.start, buffer.end).chunks) whole.write(chunk)
    buffer.dispose()
    return whole
  }

  return {
    get start() {
      return start
    },
    get end() {
      return buffer.end
    },
    get pieces() {
      return pieces
    },
    hasUnsaved: () => buffer.end > piecesEnd(),
    isInMemory: () => buffer.start === start,
    room: () => buffer.room(),
    addSlabs: (slabs) => buffer.addSlabs(slabs),
    write: (bytes) => buffer.write(bytes),
    payload: () => buffer.payload(start, buffer.end),

    async fill(size) {
      if (buffer.start === start) return
      filling = busy(() => load(Math.max(size, buffer.end - start)))
      await filling.finally(() => (filling = null))
    },

    async filled() {
      await filling?.catch(() => {})
    },

    putPiece,

    takeReplaced() {
      const taken = replaced
      replaced = []
      return taken
    },

    take() {
      const taken = { start, end: buffer.end, buffer, pieces }
      start = buffer.end
      buffer = partBuffer(memory, start)
      pieces = []
      return taken
    },

    busy,
    release,

    dispose() {
      forget()
      buffer.dispose()
    },
  }
}
