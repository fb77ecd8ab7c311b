import type { Upload } from 'tus-js-client'
import { explain } from '../api/errors.ts'
import { deleteUpload, deleteUploadOnExit } from '../api/uploads.ts'
import { dismiss, notify, offer, reportError } from '../ui/messages.ts'
import { pause } from './actions.ts'
import { activityOf, forgetActivity } from './activity.ts'
import { cancelQuestions } from './conflict-questions.ts'
import type { Row } from './rows.ts'
import { isRunning, refreshRows, rows } from './rows.ts'
import { uppy } from './uppy.ts'

/** Milliseconds for which a cancelled upload can be taken back. */
const UNDO_TIME = 8_000

/** A cancelled upload that the server still has. */
interface Cancellation {
  readonly row: Row
  /** Deletes the upload here and on the server. */
  finish(): Promise<void>
}

const cancellations = new Set<Cancellation>()

/** Cancels an upload, which the user can undo for some seconds. */
export function cancel(row: Row): void {
  const text = `Upload of “${row.name}” cancelled.`
  // Nothing of it was sent, and it cannot be paused.
  if (row.state === 'preparing') {
    drop(row)
    notify(text)
    return
  }
  const wasRunning = isRunning(row)
  pause(row)
  const close = (): void => {
    clearTimeout(timer)
    dismiss(message)
    cancellations.delete(cancellation)
  }
  const undo = (): void => {
    close()
    activityOf(row.id).undoCancel = null
    if (wasRunning) uppy.pauseResume(row.id)
    refreshRows()
  }
  const cancellation: Cancellation = {
    row,
    async finish() {
      close()
      await deleteNow(row)
    },
  }
  const message = offer(text, { text: 'Undo', run: undo })
  const timer = setTimeout(() => void cancellation.finish(), UNDO_TIME)
  cancellations.add(cancellation)
  activityOf(row.id).undoCancel = undo
  refreshRows()
}

/** Cancels all uploads that have not completed. There is no undo. */
export function cancelAll(): void {
  for (const row of rows.peek()) if (row.state !== 'completed') void deleteNow(row)
}

/** Removes an upload from the tray. The server keeps it if it is unfinished. */
export function dismissRow(row: Row): void {
  drop(row)
}

/** Removes all completed uploads from the tray. */
export function dismissCompleted(): void {
  for (const row of rows.peek()) if (row.state === 'completed') drop(row)
}

/** Removes all failed uploads from the tray. The server keeps them, and they can be resumed later. */
export function dismissFailed(): void {
  for (const row of rows.peek()) if (row.state === 'failed') drop(row)
}

/** Stops all uploads of this page. The server keeps them, and they can be resumed later. */
export function stopAll(): void {
  cancelQuestions()
  rows.peek().forEach(drop)
}

/** Deletes the cancelled uploads on the server now, instead of after the time to undo. */
export async function finishCancellations(): Promise<void> {
  await Promise.all([...cancellations].map((cancellation) => cancellation.finish()))
}

/** Deletes the cancelled uploads when the page is closed before the time to undo is over. */
export function followExit(): void {
  addEventListener('pagehide', () => {
    for (const { row } of cancellations) {
      const url = urlOf(row)
      if (url !== null) deleteUploadOnExit(url)
    }
  })
}

function urlOf(row: Row): string | null {
  return uppy.getPlugin('Tus')?.uploaders[row.id]?.url ?? row.uploadUrl
}

/** Removes an upload from this page. The server keeps it. */
function drop(row: Row): Upload | null {
  const uploaders = uppy.getPlugin('Tus')?.uploaders
  const uploader = uploaders?.[row.id] ?? null
  // Uppy would delete it on the server as well, but not while it waits for the network, and it
  // would not notice if that failed.
  if (uploaders !== undefined) uploaders[row.id] = null
  void uploader?.abort()
  uppy.removeFile(row.id)
  forgetActivity(row.id)
  return uploader
}

/** Removes an upload from this page and from the server. */
async function deleteNow(row: Row): Promise<void> {
  const url = urlOf(row)
  const uploader = drop(row)
  if (url === null) return
  try {
    await deleteUpload(url)
    for (const { urlStorageKey } of (await uploader?.findPreviousUploads()) ?? []) {
      await uploader?.options.urlStorage?.removeUpload(urlStorageKey)
    }
  } catch (error) {
    reportError(
      `The upload of “${row.name}” could not be cancelled. ${explain(error)}`,
      `cancel ${url}`,
    )
  }
}
