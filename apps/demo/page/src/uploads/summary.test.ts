import { expect, it } from 'vitest'
import type { Row, RowState } from './rows.ts'
import { mostUrgent, summary } from './summary.ts'

function row(state: RowState, more: Partial<Row> = {}): Row {
  return {
    id: `${state}-${Math.random()}`,
    name: 'a file',
    folderPath: '/',
    replaces: null,
    state,
    sent: state === 'completed' ? 1_000 : 0,
    length: 1_000,
    speed: 0,
    problem: null,
    location: null,
    uploadUrl: null,
    ...more,
  }
}

it('says how far all of them are, how fast, and how long it takes', () => {
  const sum = summary([
    row('completed'),
    row('uploading', { sent: 500, speed: 250 }),
    row('waiting'),
  ])
  expect(sum).toMatchObject({
    title: 'Uploading 2 files',
    detail: '50 % · 1.5 kB of 3.0 kB · 250 B/s · 6 s left',
    over: false,
  })
})

it.each([
  [['paused', 'completed'], 'Paused 1 file'],
  [['paused', 'uploading'], 'Uploading 2 files'],
  [['uploading', 'failed'], 'Uploading 1 file, 1 failed'],
  [['completed', 'failed'], '1 upload complete, 1 failed'],
  [['completed', 'completed'], '2 uploads complete'],
  [['failed', 'failed'], '2 uploads failed'],
] satisfies [RowState[], string][])('sums up %j', (states, title) => {
  expect(summary(states.map((state) => row(state))).title).toBe(title)
})

it('does not count what has failed as being there', () => {
  const { sent, length } = summary([row('failed', { sent: 900 }), row('uploading', { sent: 10 })])
  expect({ sent, length }).toEqual({ sent: 10, length: 1_000 })
})

it('keeps the order of a few, and shows of many what failed or moves', () => {
  const few = [row('completed'), row('failed'), row('uploading')]
  expect(mostUrgent(few)).toEqual(few)
  const many = [
    ...Array.from({ length: 200 }, () => row('completed')),
    ...Array.from({ length: 200 }, () => row('waiting')),
    row('uploading'),
    row('failed'),
  ]
  const shown = mostUrgent(many).map(({ state }) => state)
  expect(shown).toHaveLength(100)
  expect(shown.slice(0, 3)).toEqual(['failed', 'uploading', 'waiting'])
})
