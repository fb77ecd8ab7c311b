import type { S3Record } from '../records/record.ts'

/**
 * Part numbers are used once. A holder that was stopped may still write a part after another one took
 * over: it can only use numbers that the record reserves, so the next holder begins behind them. A
 * holder that ends in order gives back the numbers it did not use.
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
