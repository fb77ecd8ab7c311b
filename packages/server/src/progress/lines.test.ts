import { expect, it } from 'vitest'
import { formatJson } from './json.ts'
import { formatLine, formatProgressLine } from './lines.ts'
import type { ProgressEvent } from './progress-event.ts'

const upload = { id: 'u1', name: 'a film.mp4', length: 2_097_152, offset: 1_048_576 }
const complete = { ...upload, offset: upload.length }

it.each<[string, ProgressEvent]>([
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
    'complete   a film.mp4, 2.0 MiB, saved as a film (2).mp4',
    { kind: 'completed', upload: complete, file: 'a film (2).mp4', took: null },
  ],
  [
    'complete   a film.mp4, 2.0 MiB',
    { kind: 'completed', upload: complete, file: 'a film.mp4', took: null },
  ],
  ['removed    u1, expired', { kind: 'removed', id: 'u1', reason: 'expired' }],
  ['removed    u1, by the client', { kind: 'removed', id: 'u1', reason: 'terminated' }],
  [
    'failed     u1: no [2J room',
    { kind: 'failed', id: 'u1', error: new Error('no\u001b[2J\nroom') },
  ],
  ['failed     gone', { kind: 'failed', id: null, error: 'gone' }],
  [
    'refused    PATCH /files/u1, 409 offset_mismatch',
    {
      kind: 'refused',
      method: 'PATCH',
      path: '/files/u1',
      status: 409,
      code: 'offset_mismatch',
    },
  ],
  ['listening  http://127.0.0.1/files', { kind: 'listening', url: 'http://127.0.0.1/files' }],
  ['stopping   clients can resume later', { kind: 'stopping' }],
])('formatLine and formatJson report "%s"', (line, event) => {
  expect(formatLine(event)).toBe(line)
  const id = 'upload' in event ? 'u1' : 'id' in event ? event.id : undefined
  expect(JSON.parse(formatJson(event, new Date(0)))).toMatchObject({
    time: '1970-01-01T00:00:00.000Z',
    event: event.kind,
    ...(id === undefined ? {} : { id }),
  })
})

it('formatJson reports the stack of an error', () => {
  const error = new Error('no room')
  expect(JSON.parse(formatJson({ kind: 'failed', id: null, error }, new Date()))).toMatchObject({
    error: error.stack,
  })
})

it('formatProgressLine puts the name of the upload last', () => {
  expect(formatProgressLine({ ...upload, speed: 524_288 })).toBe(
    ' 50% 1.0 MiB of 2.0 MiB        512.0 KiB/s    00:02 left  a film.mp4',
  )
  expect(formatProgressLine({ ...upload, speed: null })).toBe(
    ' 50% 1.0 MiB of 2.0 MiB                                   a film.mp4',
  )
  expect(formatProgressLine({ ...upload, length: null, speed: 0 })).toBe(
    '  ?% 1.0 MiB                         0 B/s                a film.mp4',
  )
})
