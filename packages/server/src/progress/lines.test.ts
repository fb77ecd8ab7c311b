import { expect, it } from 'vitest'
import { jsonOf } from './json.ts'
import { lineOf, progressLine } from './lines.ts'
import type { Notice } from './progress-event.ts'

const upload = { id: 'u1', name: 'a film.mp4', length: 2_097_152, offset: 1_048_576 }
const complete = { ...upload, offset: upload.length }

it.each<[string, Notice]>([
  ['started    a film.mp4, 2.0 MiB', { kind: 'started', upload }],
  ['started    a film.mp4', { kind: 'started', upload: { ...upload, length: null } }],
  ['paused     a film.mp4 at 50%, 1.0 MiB of 2.0 MiB', { kind: 'paused', upload }],
  ['resumed    a film.mp4 at 50%, 1.0 MiB of 2.0 MiB', { kind: 'resumed', upload }],
  ['rejected   a film.mp4', { kind: 'rejected', upload }],
  [
    'complete   a film.mp4, 2.0 MiB in 00:02, 1.0 MiB/s',
    { kind: 'completed', upload: complete, file: null, took: 2_000 },
  ],
  [
    'complete   a film.mp4, 2.0 MiB, as a film (2).mp4',
    { kind: 'completed', upload: complete, file: 'a film (2).mp4', took: null },
  ],
  [
    'complete   a film.mp4, 2.0 MiB',
    { kind: 'completed', upload: complete, file: 'a film.mp4', took: null },
  ],
  ['removed    u1, left for too long', { kind: 'removed', id: 'u1', reason: 'expired' }],
  ['removed    u1, as asked', { kind: 'removed', id: 'u1', reason: 'terminated' }],
  [
    'failed     u1: no [2J room',
    { kind: 'failed', id: 'u1', error: new Error('no\u001b[2J\nroom') },
  ],
  ['failed     gone', { kind: 'failed', id: null, error: 'gone' }],
])('people are told "%s", and programs the same', (line, notice) => {
  expect(lineOf(notice)).toBe(line)
  expect(JSON.parse(jsonOf(notice, new Date(0)))).toMatchObject({
    time: '1970-01-01T00:00:00.000Z',
    event: notice.kind,
    id: 'upload' in notice ? 'u1' : notice.id,
  })
})

it('programs are told the stack of what failed', () => {
  const error = new Error('no room')
  expect(JSON.parse(jsonOf({ kind: 'failed', id: null, error }, new Date()))).toMatchObject({
    error: error.stack,
  })
})

it('an upload under way has a line with its name last', () => {
  expect(progressLine({ ...upload, speed: 524_288 })).toBe(
    ' 50% 1.0 MiB of 2.0 MiB        512.0 KiB/s    00:02 left  a film.mp4',
  )
  expect(progressLine({ ...upload, speed: null })).toBe(
    ' 50% 1.0 MiB of 2.0 MiB                                   a film.mp4',
  )
  expect(progressLine({ ...upload, length: null, speed: 0 })).toBe(
    '  ?% 1.0 MiB                         0 B/s                a film.mp4',
  )
})
