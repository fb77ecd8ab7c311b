import { bytes, percent, timeLeft } from '../ui/format.ts'
import type { Row, RowState } from './rows.ts'

const WORDS: Readonly<Record<RowState, string>> = {
  preparing: 'Preparing',
  queued: 'Queued',
  uploading: 'Starting',
  retrying: 'Connection lost, will resume automatically',
  paused: 'Paused',
  signed_out: 'Waiting for you to sign in',
  failed: 'Failed',
  completed: 'Complete',
}

/** The state of an upload in words. */
export function rowText(row: Row): string {
  const { state, isStalled, sent, length, speed, problem, replaces } = row
  if (state === 'failed') return problem ?? WORDS.failed
  if (state === 'completed')
    return `${replaces === null ? WORDS.completed : `Replaced “${replaces}”`} · ${bytes(length)}`
  const amount = sent === 0 ? bytes(length) : `${percent(sent, length)}% of ${bytes(length)}`
  if (isStalled) return `Stalled, waiting for the network · ${amount}`
  if (state !== 'uploading' || sent === 0) return `${WORDS[state]} · ${amount}`
  if (sent >= length) return `${amount} · finishing`
  if (speed <= 0) return amount
  return `${amount} · ${bytes(speed)}/s · ${timeLeft((length - sent) / speed)} left`
}
