import { bytes, count, percent, timeLeft } from '../ui/format.ts'
import type { Row, RowState } from './rows.ts'
import { isUnfinished } from './rows.ts'

/** What is to be said of all uploads together. */
export interface Summary {
  readonly title: string
  readonly detail: string
  readonly sent: number
  readonly length: number
  readonly over: boolean
  readonly state: string
}

/** Sums uploads up. */
export function summary(all: readonly Row[]): Summary {
  const failed = all.filter(({ state }) => state === 'failed').length
  const open = all.filter(isUnfinished)
  const counted = all.filter(({ state }) => state !== 'failed')
  const total = (values: readonly Row[], of: (row: Row) => number): number =>
    values.reduce((sum, row) => sum + of(row), 0)
  const sent = total(counted, (row) => row.sent)
  const length = total(counted, (row) => row.length)
  const speed = total(open, (row) => row.speed)
  const paused = open.length > 0 && open.every(({ state }) => state === 'paused')
  const lost = failed === 0 ? '' : `, ${failed} failed`
  if (open.length === 0) {
    const done = counted.length
    const title =
      done === 0 ? `${count(failed, 'upload')} failed` : `${count(done, 'upload')} complete${lost}`
    return { title, detail: done === 0 ? '' : bytes(length), sent, length, over: true, state: '' }
  }
  const parts = [`${percent(sent, length)} %`, `${bytes(sent)} of ${bytes(length)}`]
  if (speed > 0) parts.push(`${bytes(speed)}/s`, `${timeLeft((length - sent) / speed)} left`)
  const title = `${paused ? 'Paused' : 'Uploading'} ${count(open.length, 'file')}${lost}`
  return {
    title,
    detail: parts.join(' · '),
    sent,
    length,
    over: false,
    state: paused ? 'paused' : '',
  }
}

/** So many are shown one by one: a browser is busy enough with sending thousands. */
const MOST = 100

const URGENCY: Readonly<Record<RowState, number>> = {
  failed: 0,
  signed_out: 1,
  trying: 1,
  uploading: 1,
  paused: 1,
  preparing: 2,
  waiting: 2,
  completed: 3,
}

/** Those to show one by one: in their order when they are few, what happens first when they are many. */
export function mostUrgent(all: readonly Row[]): readonly Row[] {
  if (all.length <= MOST) return all
  return [...all].sort((a, b) => URGENCY[a.state] - URGENCY[b.state]).slice(0, MOST)
}
