import type { UploadInfo } from '@tusker/core'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Notice } from './progress-event.ts'
import { watchUploads } from './upload-progress.ts'

const upload: UploadInfo = {
  ...{ id: 'u1', length: 10_000, offset: 0, metadata: 'filename YS50eHQ=', owner: null },
  ...{ attributes: {}, concatenation: null, concatenationField: null, outcome: null },
  ...{ createdAt: new Date(), updatedAt: new Date() },
}
const at = (offset: number): UploadInfo => ({ ...upload, offset })
const seen = { id: 'u1', name: 'a.txt', length: 10_000 }

let told: Notice[]
let watch: ReturnType<typeof watchUploads>
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  told = []
  watch = watchUploads((notice) => told.push(notice))
})
afterEach(() => {
  watch.stop()
  vi.useRealTimers()
})

it('tells of the beginning and the end, with the time between', () => {
  watch.event({ type: 'created', upload })
  vi.advanceTimersByTime(1_500)
  watch.event({ type: 'progress', upload: at(10_000) })
  watch.becomes('u1', 'a (2).txt')
  watch.event({ type: 'completed', upload: at(10_000) })
  vi.advanceTimersByTime(60_000)
  expect(told).toEqual([
    { kind: 'started', upload: { ...seen, offset: 0 } },
    { kind: 'completed', upload: { ...seen, offset: 10_000 }, file: 'a (2).txt', took: 1_500 },
  ])
})

it('tells how fast bytes come, lately', () => {
  watch.event({ type: 'created', upload })
  expect(watch.running()).toEqual([{ ...seen, offset: 0, speed: null }])
  for (let second = 1; second <= 4; second += 1) {
    vi.advanceTimersByTime(1_000)
    watch.event({ type: 'progress', upload: at(second * 1_000) })
  }
  expect(watch.running()).toEqual([{ ...seen, offset: 4_000, speed: 1_000 }])
  for (let second = 1; second <= 6; second += 1) {
    vi.advanceTimersByTime(1_000)
    watch.event({ type: 'progress', upload: at(4_000 + second * 500) })
  }
  expect(watch.running()[0]?.speed).toBeCloseTo(500, -2)
})

it('tells of a pause, and of going on after it, in another process as well', () => {
  watch.event({ type: 'created', upload })
  vi.advanceTimersByTime(2_000)
  watch.event({ type: 'progress', upload: at(5) })
  vi.advanceTimersByTime(2_000)
  expect(told.map(({ kind }) => kind)).toEqual(['started'])
  vi.advanceTimersByTime(1_000)
  expect(told.at(-1)).toEqual({ kind: 'paused', upload: { ...seen, offset: 5 } })
  expect(watch.running()).toEqual([])

  watch.event({ type: 'progress', upload: at(6) })
  watch.event({ type: 'completed', upload: at(10_000) })
  expect(told.slice(2)).toEqual([
    { kind: 'resumed', upload: { ...seen, offset: 6 } },
    { kind: 'completed', upload: { ...seen, offset: 10_000 }, file: null, took: null },
  ])
})

it('tells of other ends, and of what failed once', () => {
  const error = new Error('disk')
  watch.event({ type: 'created', upload })
  watch.event({ type: 'rejected', upload })
  watch.event({ type: 'created', upload })
  watch.event({ type: 'removed', id: 'u1', reason: 'terminated' })
  watch.event({ type: 'failed', id: 'u1', error })
  watch.event({ type: 'failed', id: null, error })
  expect(watch.running()).toEqual([])
  expect(told.map(({ kind }) => kind)).toEqual([
    ...['started', 'rejected', 'started', 'removed', 'failed'],
  ])
})
