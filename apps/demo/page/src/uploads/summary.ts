import { bytes, count, percent, timeLeft } from '../ui/format.ts'
import type { Row } from './rows.ts'
import { isUnfinished } from './rows.ts'

/** All uploads of the page in a few words. */
export interface Summary {
  readonly title: string
  readonly detail: string
  /** Bytes. */
  readonly sent: number
  /** Bytes. */
  readonly length: number
  /** Whether no upload is unfinished. */
  readonly over: boolean
  readonly state: 'paused' | ''
}

/** Sums up the uploads of the page. */
export function summary(all: readonly Row[]): Summary {
  const failed = all.filter(({ state }) => state === 'failed').length
  const open = all.filter(isUnfinished)
  const counted = all.filter(({ state }) => state !== 'failed')
  const total = (values: readonly Row[], of: (row: Row) => number): number =>
    values.reduce((sum, row) => sum + of(row), 0)
  const sent = total(counted, (row) => row.sent)
  const length = total(counted, (row) => row.length)
  const speed = total(open, (row) => row.speed)
  const isPaused = open.length > 0 && open.every(({ state }) => state === 'paused')
  const failures = failed === 0 ? '' : `, ${failed} failed`
  if (open.length === 0) {
    const done = counted.length
    const title =
      done === 0
        ? `${count(failed, 'upload')} failed`
        : `${count(done, 'upload')} complete${failures}`
    return { title, detail: done === 0 ? '' : bytes(length), sent, length, over: true, state: '' }
  }
  const parts = [`${percent(sent, length)}% of ${bytes(length)}`]
  if (speed > 0) parts.push(`${bytes(speed)}/s`, `${timeLeft((length - sent) / speed)} left`)
  const title = isPaused
    ? `${count(open.length, 'upload')} paused`
    : `Uploading ${count(open.length, 'file')}`
  return {
    title: title + failures,
    detail: parts.join(' · '),
    sent,
    length,
    over: false,
    state: isPaused ? 'paused' : '',
  }
}
