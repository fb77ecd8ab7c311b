import { expect, it } from 'vitest'
import { rowIn } from '../../../test/support/row.ts'
import type { Row } from './rows.ts'
import { rowText } from './row-text.ts'

it.each([
  [rowIn('preparing'), 'Preparing · 1 kB'],
  [rowIn('queued'), 'Queued · 1 kB'],
  [rowIn('uploading'), 'Starting · 1 kB'],
  [rowIn('uploading', { sent: 220, speed: 100 }), '22% of 1 kB · 100 B/s · 8 s left'],
  [rowIn('uploading', { sent: 900, speed: 100 }), '90% of 1 kB · 100 B/s · a few seconds left'],
  [rowIn('uploading', { sent: 1_000 }), '100% of 1 kB · finishing'],
  [
    rowIn('uploading', { sent: 290, isStalled: true }),
    'Stalled, waiting for the network · 29% of 1 kB',
  ],
  [rowIn('retrying', { sent: 290 }), 'Connection lost, will resume automatically · 29% of 1 kB'],
  [rowIn('paused', { sent: 290 }), 'Paused · 29% of 1 kB'],
  [rowIn('signed_out'), 'Waiting for you to sign in · 1 kB'],
  [rowIn('failed', { problem: 'The limit is 10.5 MB.' }), 'The limit is 10.5 MB.'],
  [rowIn('completed'), 'Complete · 1 kB'],
  [rowIn('completed', { replaces: 'notes.txt' }), 'Replaced “notes.txt” · 1 kB'],
] satisfies [Row, string][])('the tray describes an upload: %#', (row, text) => {
  expect(rowText(row)).toBe(text)
})
