import { explain } from '../api/errors.ts'
import { clearErrors, reportError } from '../ui/messages.ts'
import { activityOf } from './activity.ts'
import type { Row } from './rows.ts'
import { isRunning, rows } from './rows.ts'
import type { UploadMeta } from './uppy.ts'
import { uppy } from './uppy.ts'

/** The topic of messages about files that could not be uploaded. */
export const UPLOAD_TOPIC = 'upload'

/** A file to upload, and its destination unless that is the open folder. */
export interface Addition {
  readonly file: File
  readonly meta?: Partial<UploadMeta>
}

/** Uploads files. */
export function send(additions: readonly Addition[]): void {
  clearErrors(UPLOAD_TOPIC)
  const added = additions.map(({ file, meta }) => ({
    name: file.name,
    type: file.type,
    data: file,
    source: 'page',
    meta: { name: file.name, ...meta },
  }))
  try {
    uppy.addFiles(added)
  } catch (error) {
    reportError(explain(error), UPLOAD_TOPIC)
    return
  }
  // A failed file is reported in its row.
  uppy.upload().catch(() => {})
}

export function pause(row: Row): void {
  if (isRunning(row)) uppy.pauseResume(row.id)
}

export function resume(row: Row): void {
  if (row.state !== 'paused') return
  restartClock(row.id)
  uppy.pauseResume(row.id)
}

/** Tries a failed upload again: from its offset, or from the beginning if the server deleted it. */
export function retry(row: Row): void {
  const file = uppy.getState().files[row.id]
  if (file === undefined) return
  Object.assign(activityOf(row.id), {
    problem: null,
    signedOut: false,
    started: false,
    retrying: false,
  })
  restartClock(row.id)
  uppy.retryUpload(row.id).catch(() => {})
}

export function pauseAll(): void {
  rows.peek().forEach(pause)
}

export function resumeAll(): void {
  rows.peek().forEach(resume)
}

/** Whether uploads would stop if the page were closed. */
export function isSending(): boolean {
  return rows.peek().some(isRunning)
}

/** The time without progress before this moment was no stall. */
function restartClock(id: string): void {
  const activity = activityOf(id)
  activity.speed.reset()
  activity.lastByteAt = null
}
