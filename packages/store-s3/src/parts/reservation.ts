import type { S3Record } from '../records/record.ts'

/**
 * Each part number is used once. A stale holder may still write a part after another holder took over. It
 * can only use the numbers that the record reserved for it, so the next holder begins behind them. A
 * holder that releases its lease returns the numbers that it did not use.
 *
 * @param window how many numbers to reserve
 */
export function withReservation(record: S3Record, window: number): S3Record {
  const nextPart = Math.max(record.nextPart, record.reservedPart)
  return { ...record, nextPart, reservedPart: nextPart + window }
}

/** Numbers that a writer may use between two commits. */
export function windowFor(partsInFlight: number): number {
  return partsInFlight * 4
}
