/** A range of bytes. `end` is exclusive. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

const RANGES = /^[ \t]*bytes=(.*)$/i
const RANGE = /^(?:(?<first>[0-9]+)-(?<last>[0-9]*)|-(?<suffix>[0-9]+))$/

/**
 * Reads `Range` (RFC 9110, section 14.2) for a resource of `length` bytes.
 *
 * `unsatisfiable` if the range begins after the last byte or has no bytes. Null if the server should ignore
 * the field: it has another unit, is malformed, or has several ranges. A server may always send the whole
 * resource, and hardly any client needs `multipart/byteranges`.
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
  // Numbers too large to be exact are far beyond the end of any resource.
  if (last !== '' && Number(last) < Number(first)) return null
  const end = last === '' ? length : Math.min(length, Number(last) + 1)
  return satisfiable(Number(first), end)
}

function satisfiable(start: number, end: number): ByteRange | 'unsatisfiable' {
  return start < end ? { start, end } : 'unsatisfiable'
}
