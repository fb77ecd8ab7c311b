import { explain } from '../api/errors.ts'
import { complain } from '../ui/messages.ts'
import { activityOf } from './activity.ts'
import type { Row } from './rows.ts'
import { rows } from './rows.ts'
import type { UploadMeta } from './uppy.ts'
import { uppy } from './uppy.ts'

/** A file and where it goes, as far as that is not the open folder. */
export interface Addition {
  readonly file: File
  readonly meta?: Partial<UploadMeta>
}

/** Sends files. */
export function send(additions: readonly Addition[]): void {
  const added = additions.map(({ file, meta }) => ({
    ...{ name: file.name, type: file.type, data: file, source: 'page' },
    meta: { name: file.name, ...meta },
  }))
  try {
    uppy.addFiles(added)
  } catch (error) {
    complain(explain(error))
    return
  }
  start()
}

/** Sends what was added and not yet sent. */
function start(): void {
  // Each failure is followed for itself.
  uppy.upload().catch(() => {})
}

export function pause(row: Row): void {
  if (isRunning(row)) uppy.pauseResume(row.id)
}

export function resume(row: Row): void {
  if (row.state === 'paused') uppy.pauseResume(row.id)
}

/** Tries what has failed once more: from where it was, or from the beginning if that is gone. */
export function retry(row: Row): void {
  const file = uppy.getState().files[row.id]
  if (file === undefined) return
  Object.assign(activityOf(row.id), {
    problem: null,
    signedOut: false,
    asked: false,
    trying: false,
  })
  activityOf(row.id).pace.reset()
  uppy.retryUpload(row.id).catch(() => {})
}

export function pauseAll(): void {
  rows.peek().forEach(pause)
}

export function resumeAll(): void {
  rows.peek().forEach(resume)
}

/** Whether closing the page would interrupt something. */
export function isSending(): boolean {
  return rows.peek().some(isRunning)
}

function isRunning({ state }: Row): boolean {
  return state === 'uploading' || state === 'waiting' || state === 'trying'
}
