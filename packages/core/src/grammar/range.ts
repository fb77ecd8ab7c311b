/** A stretch of bytes, `end` exclusive. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

const RANGES = /^[ \t]*bytes=(.*)$/i
const RANGE = /^(?:(?<first>[0-9]+)-(?<last>[0-9]*)|-(?<suffix>[0-9]+))$/

/**
 * Reads `Range` (RFC 9110, section 14.2) for something of `length` bytes.
 *
 * `unsatisfiable` when the range begins behind the last byte or asks for none. Null when the field is
 * to be ignored: another unit, no range, or more than one. Answering those with everything is always
 * allowed, and spares the `multipart/byteranges` that hardly any client asks for.
 */
export function parseRange(field: string, length: number): ByteRange | 'unsatisfiable' | null {
  const elements = (RANGES.exec(field)?.[1] ?? '')
    .split(',')
    .map((element) => element.trim())
    .filter((element) => element !== '')
  if (elements.length !== 1) return null

  const { first, last = '', suffix } = RANGE.exec(elements[0] ?? '')?.groups ?? {}
  if (suffix !== undefined) return satisfiable(Math.max(0, length - Number(suffix)), length)
  if (first === undefined) return null
  // More digits than a number can tell apart only occur far behind the end of anything.
  if (last !== '' && Number(last) < Number(first)) return null
  const end = last === '' ? length : Math.min(length, Number(last) + 1)
  return satisfiable(Number(first), end)
}

function satisfiable(start: number, end: number): ByteRange | 'unsatisfiable' {
  return start < end ? { start, end } : 'unsatisfiable'
}
