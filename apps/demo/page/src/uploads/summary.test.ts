import { expect, it } from 'vitest'
import { rowIn } from '../../../test/support/row.ts'
import type { RowState } from './rows.ts'
import { summary } from './summary.ts'

it('the summary shows the progress, the speed and the time left of all uploads', () => {
  const sum = summary([
    rowIn('completed'),
    rowIn('uploading', { sent: 500, speed: 250 }),
    rowIn('queued'),
  ])
  expect(sum).toMatchObject({
    title: 'Uploading 2 files',
    detail: '50% of 3 kB · 250 B/s · 6 s left',
    over: false,
  })
})

it.each([
  [['paused', 'completed'], '1 upload paused'],
  [['paused', 'uploading'], 'Uploading 2 files'],
  [['uploading', 'failed'], 'Uploading 1 file, 1 failed'],
  [['completed', 'failed'], '1 upload complete, 1 failed'],
  [['completed', 'completed'], '2 uploads complete'],
  [['failed', 'failed'], '2 uploads failed'],
] satisfies [RowState[], string][])('the summary of the uploads %j is "%s"', (states, title) => {
  expect(summary(states.map((state) => rowIn(state))).title).toBe(title)
})

it('the summary does not count the bytes of a failed upload', () => {
  const { sent, length } = summary([
    rowIn('failed', { sent: 900 }),
    rowIn('uploading', { sent: 10 }),
  ])
  expect({ sent, length }).toEqual({ sent: 10, length: 1_000 })
})
