import type { Row, RowState } from './rows.ts'

/** The number of unfinished and failed uploads that are shown: a browser is slow with thousands. */
const LIMIT = 100

/** Uploads in this order: those that need the user, those being sent, and those that wait. */
const URGENCY: Readonly<Record<RowState, number>> = {
  failed: 0,
  signed_out: 1,
  retrying: 1,
  uploading: 1,
  paused: 2,
  preparing: 3,
  queued: 3,
  completed: 4,
}

/** The uploads as the tray lists them. */
export interface TrayOrder {
  /** The most urgent of the unfinished and failed uploads. */
  readonly shown: readonly Row[]
  /** The number of unfinished and failed uploads that are not shown. */
  readonly more: number
  readonly completed: readonly Row[]
}

/** Puts failed and unfinished uploads first, and completed ones apart. */
export function trayOrder(all: readonly Row[]): TrayOrder {
  const open = all
    .filter(({ state }) => state !== 'completed')
    .sort((a, b) => URGENCY[a.state] - URGENCY[b.state])
  return {
    shown: open.slice(0, LIMIT),
    more: Math.max(0, open.length - LIMIT),
    completed: all.filter(({ state }) => state === 'completed'),
  }
}
