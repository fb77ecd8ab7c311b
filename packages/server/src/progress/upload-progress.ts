import type { UploadEvent, UploadInfo } from '@tusker/core'
import { fileNameOf, parseMetadata } from '@tusker/core'
import type { ProgressEvent, RunningUpload, UploadState } from './progress-event.ts'
import type { Speedometer } from './speed.ts'
import { speedometer } from './speed.ts'

/** Milliseconds without a byte after which an upload is reported as paused. */
const PAUSED_AFTER = 3_000

/** Follows uploads by the events of the upload server. */
export interface UploadProgress {
  /** Give it to the upload server as `onEvent`. */
  onEvent(event: UploadEvent): void
  /** Notes the name of the file that an upload is saved as, before the upload is complete. */
  savedAs(id: string, file: string): void
  /** The uploads that receive bytes, in the order in which they started. */
  running(): readonly RunningUpload[]
  stop(): void
}

interface Entry {
  state: UploadState
  readonly startedAt: number
  /** False when another process, or an earlier run, created the upload. */
  readonly isNew: boolean
  readonly meter: Speedometer
  timer: ReturnType<typeof setTimeout>
}

/** Turns the events of the upload server into progress events, and passes each to `report`. */
export function uploadProgress(report: (event: ProgressEvent) => void): UploadProgress {
  const entries = new Map<string, Entry>()
  const files = new Map<string, string>()
  const reportedErrors = new WeakSet<object>()

  function start(upload: UploadInfo, isNew: boolean): void {
    const [state, startedAt] = [stateOf(upload), performance.now()]
    const timer = setTimeout(() => pause(upload.id), PAUSED_AFTER)
    timer.unref()
    const meter = speedometer(upload.offset, startedAt)
    entries.set(upload.id, { state, startedAt, isNew, meter, timer })
    report({ kind: isNew ? 'started' : 'resumed', upload: state })
  }

  function grow(upload: UploadInfo): void {
    const entry = entries.get(upload.id)
    if (entry === undefined) {
      start(upload, false)
      return
    }
    entry.state = { ...entry.state, offset: upload.offset, length: upload.length }
    entry.meter.sample(upload.offset, performance.now())
    entry.timer.refresh()
  }

  function pause(id: string): void {
    const entry = forget(id)
    if (entry !== undefined) report({ kind: 'paused', upload: entry.state })
  }

  function forget(id: string): Entry | undefined {
    const entry = entries.get(id)
    clearTimeout(entry?.timer)
    entries.delete(id)
    return entry
  }

  function complete(upload: UploadInfo): void {
    const entry = forget(upload.id)
    const file = files.get(upload.id) ?? null
    files.delete(upload.id)
    const took = entry?.isNew === true ? performance.now() - entry.startedAt : null
    report({ kind: 'completed', upload: stateOf(upload), file, took })
  }

  /** The upload server and the adapter can both report the error of one request. */
  function fail(id: string | null, error: unknown): void {
    if (typeof error === 'object' && error !== null) {
      if (reportedErrors.has(error)) return
      reportedErrors.add(error)
    }
    report({ kind: 'failed', id, error })
  }

  return {
    onEvent(event) {
      switch (event.type) {
        case 'created':
          return start(event.upload, true)
        case 'progress':
          return grow(event.upload)
        case 'completed':
          return complete(event.upload)
        case 'rejected':
          forget(event.upload.id)
          return report({ kind: 'rejected', upload: stateOf(event.upload) })
        case 'removed':
          forget(event.id)
          return report({ kind: 'removed', id: event.id, reason: event.reason })
        case 'failed':
          return fail(event.id, event.error)
      }
    },
    savedAs: (id, file) => void files.set(id, file),
    running: () =>
      [...entries.values()].map(({ state, meter }) => ({ ...state, speed: meter.speed() })),
    stop() {
      for (const id of [...entries.keys()]) forget(id)
    },
  }
}

function stateOf({ id, metadata, length, offset }: UploadInfo): UploadState {
  return { id, name: fileNameOf(parseMetadata(metadata) ?? new Map()) ?? id, length, offset }
}
