import type { Piece } from '../records/record.ts'

/** A piece, and where its bytes begin in the upload. */
export interface PlacedPiece extends Piece {
  readonly start: number
}

/** The pieces of a record, which stand one behind the other from `from`. */
export function placed(tail: readonly Piece[], from: number): PlacedPiece[] {
  let start = from
  return tail.map((piece) => {
    const at = start
    start += piece.size
    return { ...piece, start: at }
  })
}

/** The offset behind the last piece. Without a piece, it is where the first one would begin. */
export function endOf(pieces: readonly PlacedPiece[], from: number): number {
  const last = pieces.at(-1)
  return last === undefined ? from : last.start + last.size
}

/**
 * Which pieces a new piece replaces: the last ones that are not larger than the new piece, so that few
 * pieces remain and each byte is written again only a few times. A piece can be replaced only if memory
 * still holds all its bytes.
 *
 * @param memory the offsets between which memory holds the bytes; the new piece ends at `memory.end`
 * @param from where the new piece begins if it replaces none
 */
export function mergePlan(
  pieces: readonly PlacedPiece[],
  memory: { readonly start: number; readonly end: number },
  from: number,
): { readonly kept: readonly PlacedPiece[]; readonly start: number } {
  let start = from
  let count = pieces.length
  for (; count > 0; count -= 1) {
    const last = pieces[count - 1]
    if (last === undefined || last.size > memory.end - start || last.start < memory.start) break
    start = last.start
  }
  return { kept: pieces.slice(0, count), start }
}
