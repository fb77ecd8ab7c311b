import { expect, it } from 'vitest'
import { rowIn } from '../../../test/support/row.ts'
import { trayOrder } from './tray-order.ts'

it('the tray lists failed uploads first, then those being sent, then those that wait', () => {
  const rows = [
    rowIn('completed'),
    rowIn('queued'),
    rowIn('completed'),
    rowIn('uploading'),
    rowIn('paused'),
    rowIn('failed'),
  ]
  const { shown, completed, more } = trayOrder(rows)
  expect(shown.map(({ state }) => state)).toEqual(['failed', 'uploading', 'paused', 'queued'])
  expect({ completed: completed.length, more }).toEqual({ completed: 2, more: 0 })
})

it('the tray keeps the order of uploads in the same state', () => {
  const rows = [rowIn('uploading', { name: 'first' }), rowIn('uploading', { name: 'second' })]
  expect(trayOrder(rows).shown.map(({ name }) => name)).toEqual(['first', 'second'])
})

it('the tray shows the most urgent of many uploads, and counts the others', () => {
  const rows = [...Array.from({ length: 200 }, () => rowIn('queued')), rowIn('failed')]
  const { shown, more } = trayOrder(rows)
  expect([shown.length, shown[0]?.state, more]).toEqual([100, 'failed', 101])
})
