import type { UploadInfo } from '@tusker/core'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { ProgressEvent } from './progress-event.ts'
import { uploadProgress } from './upload-progress.ts'

const upload: UploadInfo = {
  id: 'u1',
  length: 10_000,
  offset: 0,
  metadata: 'filename YS50eHQ=',
  owner: null,
  attributes: {},
  concatenation: null,
  concatenationField: null,
  outcome: null,
  createdAt: new Date(),
  updatedAt: new Date(),
}
const at = (offset: number): UploadInfo => ({ ...upload, offset })
const state = { id: 'u1', name: 'a.txt', length: 10_000 }

let reported: ProgressEvent[]
let progress: ReturnType<typeof uploadProgress>
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  reported = []
  progress = uploadProgress((event) => reported.push(event))
})
afterEach(() => {
  progress.stop()
  vi.useRealTimers()
})

it('uploadProgress reports the start and the completion with the time between', () => {
  progress.onEvent({ type: 'created', upload })
  vi.advanceTimersByTime(1_500)
  progress.onEvent({ type: 'progress', upload: at(10_000) })
  progress.savedAs('u1', 'a (2).txt')
  progress.onEvent({ type: 'completed', upload: at(10_000) })
  vi.advanceTimersByTime(60_000)
  expect(reported).toEqual([
    { kind: 'started', upload: { ...state, offset: 0 } },
    { kind: 'completed', upload: { ...state, offset: 10_000 }, file: 'a (2).txt', took: 1_500 },
  ])
})

it('uploadProgress measures the speed over the last seconds', () => {
  progress.onEvent({ type: 'created', upload })
  expect(progress.running()).toEqual([{ ...state, offset: 0, speed: null }])
  for (let second = 1; second <= 4; second += 1) {
    vi.advanceTimersByTime(1_000)
    progress.onEvent({ type: 'progress', upload: at(second * 1_000) })
  }
  expect(progress.running()).toEqual([{ ...state, offset: 4_000, speed: 1_000 }])
  for (let second = 1; second <= 6; second += 1) {
    vi.advanceTimersByTime(1_000)
    progress.onEvent({ type: 'progress', upload: at(4_000 + second * 500) })
  }
  expect(progress.running()[0]?.speed).toBeCloseTo(500, -2)
})

it('uploadProgress reports a pause and a resume, also of an upload of another process', () => {
  progress.onEvent({ type: 'created', upload })
  vi.advanceTimersByTime(2_000)
  progress.onEvent({ type: 'progress', upload: at(5) })
  vi.advanceTimersByTime(2_000)
  expect(reported.map(({ kind }) => kind)).toEqual(['started'])
  vi.advanceTimersByTime(1_000)
  expect(reported.at(-1)).toEqual({ kind: 'paused', upload: { ...state, offset: 5 } })
  expect(progress.running()).toEqual([])

  progress.onEvent({ type: 'progress', upload: at(6) })
  progress.onEvent({ type: 'completed', upload: at(10_000) })
  expect(reported.slice(2)).toEqual([
    { kind: 'resumed', upload: { ...state, offset: 6 } },
    { kind: 'completed', upload: { ...state, offset: 10_000 }, file: null, took: null },
  ])
})

it('uploadProgress reports a rejection, a removal, and each error once', () => {
  const error = new Error('disk')
  progress.onEvent({ type: 'created', upload })
  progress.onEvent({ type: 'rejected', upload })
  progress.onEvent({ type: 'created', upload })
  progress.onEvent({ type: 'removed', id: 'u1', reason: 'terminated' })
  progress.onEvent({ type: 'failed', id: 'u1', error })
  progress.onEvent({ type: 'failed', id: null, error })
  expect(progress.running()).toEqual([])
  expect(reported.map(({ kind }) => kind)).toEqual([
    'started',
    'rejected',
    'started',
    'removed',
    'failed',
  ])
})
