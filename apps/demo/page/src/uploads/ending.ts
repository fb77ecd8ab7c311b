import type { Upload } from 'tus-js-client'
import { explain } from '../api/errors.ts'
import { endUpload } from '../api/uploads.ts'
import { complain } from '../ui/messages.ts'
import { forgetActivity } from './activity.ts'
import { cancelQuestions } from './conflict-questions.ts'
import type { Row } from './rows.ts'
import { rows } from './rows.ts'
import { uppy } from './uppy.ts'

/** Ends an upload of this page here and on the server, or takes a completed one out of sight. */
export function cancel(row: Row): void {
  const uploader = leave(row)
  const url = uploader?.url ?? row.uploadUrl
  if (url === null || row.state === 'completed') return
  void ended(row.name, url, uploader)
}

export function cancelAll(): void {
  for (const row of rows.peek()) if (row.state !== 'completed') cancel(row)
}

/** Takes completed ones out of sight. */
export function clearCompleted(): void {
  for (const row of rows.peek()) if (row.state === 'completed') cancel(row)
}

/** Stops all uploads here. What has been sent stays on the server, and can go on later. */
export function leaveAll(): void {
  cancelQuestions()
  rows.peek().forEach(leave)
}

/** Stops an upload here, and leaves it on the server as it is. */
function leave(row: Row): Upload | null {
  const uploaders = uppy.getPlugin('Tus')?.uploaders
  const uploader = uploaders?.[row.id] ?? null
  // Uppy would have it ended on the server, but not while it waits for the network, and would not
  // hear of it when that fails.
  if (uploaders !== undefined) uploaders[row.id] = null
  void uploader?.abort()
  uppy.removeFile(row.id)
  forgetActivity(row.id)
  return uploader
}

async function ended(name: string, url: string, uploader: Upload | null): Promise<void> {
  try {
    await endUpload(url)
    for (const { urlStorageKey } of (await uploader?.findPreviousUploads()) ?? []) {
      await uploader?.options.urlStorage?.removeUpload(urlStorageKey)
    }
  } catch (error) {
    complain(`${name} could not be ended. ${explain(error)}`)
  }
}
