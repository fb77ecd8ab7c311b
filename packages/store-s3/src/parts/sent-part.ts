import type { Part } from '../client/port.ts'
import type { S3Record } from '../records/record.ts'
import { partsEnd } from '../records/record.ts'
import type { PartBuffer } from './part-buffer.ts'
import type { PlacedPiece } from './placed-piece.ts'

/** A part that was sent, or is being sent. */
export interface SentPart {
  readonly number: number
  readonly end: number
  readonly size: number
  readonly buffer: PartBuffer
  /** The pieces whose bytes are in the part as well. */
  readonly pieces: readonly PlacedPiece[]
  /** The entity tag of the stored part. Null until the storage has acknowledged it. */
  etag: string | null
  done: Promise<void>
}

/** The parts and pieces that a record can name now. */
export interface Committable {
  readonly parts: readonly Part[]
  /** The pieces behind the parts. */
  readonly tail: readonly PlacedPiece[]
  /** Pieces whose bytes are in `parts` as well. */
  readonly replaced: readonly PlacedPiece[]
  /** The offset behind the last of these bytes. */
  readonly end: number
}

/**
 * The unbroken run of sent parts that the storage has, and the pieces behind it. Pieces behind a part that
 * the storage does not have are left out, because bytes before them are missing.
 *
 * @param sent the parts that the record does not name yet, in order
 * @param pieces the pieces behind the last sent part
 */
export function committable(
  record: Pick<S3Record, 'parts'>,
  sent: readonly Pick<SentPart, 'number' | 'end' | 'size' | 'pieces' | 'etag'>[],
  pieces: readonly PlacedPiece[],
): Committable {
  const parts: Part[] = []
  const replaced: PlacedPiece[] = []
  let partsReach = partsEnd(record)
  let tail = pieces
  for (const { number, end, size, pieces: held, etag } of sent) {
    if (etag === null) {
      tail = held
      break
    }
    parts.push({ number, etag, size })
    replaced.push(...held)
    partsReach = end
  }
  const end = partsReach + tail.reduce((sum, { size }) => sum + size, 0)
  return { parts, tail, replaced, end }
}
