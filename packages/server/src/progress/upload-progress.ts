import type { UploadEvent, UploadInfo } from '@tusker/core'
import { parseMetadata } from '@tusker/core'
import { nameIn } from '../files/file-name.ts'
import type { Notice, Running, Seen } from './progress-event.ts'
import type { Speedometer } from './speed.ts'
import { speedometer } from './speed.ts'

/** Milliseconds without a byte after which an upload is called paused. */
const PAUSE = 3_000

/** Makes of an upload server's events what people want to know. */
export interface Watch {
  /** For the server's `onEvent`. */
  event(event: UploadEvent): void
  /** Tells the name of the file that an upload is about to become. */
  becomes(id: string, file: string): void
  /** The uploads to which bytes come, those that began first in front. */
  running(): readonly Running[]
  stop(): void
}

interface Entry {
  seen: Seen
  readonly since: number
  readonly isNew: boolean
  readonly meter: Speedometer
  timer: ReturnType<typeof setTimeout>
}

/** Watches over uploads, and tells `tell` each time there is something worth a line. */
export function watchUploads(tell: (notice: Notice) => void): Watch {
  const entries = new Map<string, Entry>()
  const files = new Map<string, string>()
  const failures = new WeakSet<object>()

  function begin(upload: UploadInfo, isNew: boolean): void {
    const [seen, since] = [seenOf(upload), performance.now()]
    const timer = setTimeout(() => pause(upload.id), PAUSE)
    timer.unref()
    const meter = speedometer(upload.offset, since)
    entries.set(upload.id, { seen, since, isNew, meter, timer })
    tell({ kind: isNew ? 'started' : 'resumed', upload: seen })
  }

  function grow(upload: UploadInfo): void {
    const entry = entries.get(upload.id)
    if (entry === undefined) {
      begin(upload, false)
      return
    }
    entry.seen = { ...entry.seen, offset: upload.offset, length: upload.length }
    entry.meter.note(upload.offset, performance.now())
    entry.timer.refresh()
  }

  function pause(id: string): void {
    const entry = forget(id)
    if (entry !== undefined) tell({ kind: 'paused', upload: entry.seen })
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
    const took = entry?.isNew === true ? performance.now() - entry.since : null
    tell({ kind: 'completed', upload: seenOf(upload), file, took })
  }

  /** An error of a store or a hook comes here, and by the adapter as well. */
  function fail(id: string | null, error: unknown): void {
    if (typeof error === 'object' && error !== null) {
      if (failures.has(error)) return
      failures.add(error)
    }
    tell({ kind: 'failed', id, error })
  }

  return {
    event(event) {
      switch (event.type) {
        case 'created':
          return begin(event.upload, true)
        case 'progress':
          return grow(event.upload)
        case 'completed':
          return complete(event.upload)
        case 'rejected':
          forget(event.upload.id)
          return tell({ kind: 'rejected', upload: seenOf(event.upload) })
        case 'removed':
          forget(event.id)
          return tell({ kind: 'removed', id: event.id, reason: event.reason })
        case 'failed':
          return fail(event.id, event.error)
      }
    },
    becomes: (id, file) => void files.set(id, file),
    running: () =>
      [...entries.values()].map(({ seen, meter }) => ({ ...seen, speed: meter.speed() })),
    stop() {
      for (const id of [...entries.keys()]) forget(id)
    },
  }
}

function seenOf({ id, metadata, length, offset }: UploadInfo): Seen {
  return { id, name: nameIn(parseMetadata(metadata) ?? new Map()) ?? id, length, offset }
}
