import { bytes, duration, percent } from '../ui/format.ts'

/** The progress of an unfinished upload. */
export interface LiveProgress {
  /** Bytes. */
  readonly offset: number
  /** Bytes; null while the client has not declared it. */
  readonly length: number | null
  /** Bytes per second. */
  readonly speed: number
  /** Milliseconds since the last byte arrived. */
  readonly idle: number
}

/** Milliseconds without a byte after which an upload is called idle. */
const IDLE = 10_000

/** The progress of an unfinished upload in words, with its speed, or for how long it is idle. */
export function liveText({ offset, length, speed, idle }: LiveProgress): string {
  const amount =
    length === null
      ? `${bytes(offset)} so far`
      : `${percent(offset, length)}% · ${bytes(offset)} of ${bytes(length)}`
  if (idle > IDLE) return `${amount} · idle ${duration(Math.floor(idle / 1_000))}`
  return speed > 0 ? `${amount} · ${bytes(speed)}/s` : amount
}
