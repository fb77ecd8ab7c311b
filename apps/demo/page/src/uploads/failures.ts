import { errorOf, explain } from '../api/errors.ts'
import { reportSignedOut } from '../api/http.ts'
import { alertText } from '../ui/messages.ts'
import type { Problem } from './activity.ts'
import { activityOf } from './activity.ts'
import { FileChanged, UploadGone } from './retry-policy.ts'
import { FileTooLarge } from './size-limit.ts'
import type { UploadFile } from './uppy.ts'
import { uppy } from './uppy.ts'

/** Reports that a file failed before it could be sent. */
export function reportPreparationFailed(file: UploadFile, error: unknown): void {
  uppy.emit('upload-error', file, error instanceof Error ? error : new Error(String(error)))
}

/** Follows failed uploads, and explains them in their rows. */
export function followFailures(): void {
  uppy.on('upload-error', (file, error, response) => {
    if (file === undefined) return
    const xhr = response?.body?.['xhr']
    const cause = causeOf(error)
    const reason =
      xhr instanceof XMLHttpRequest && xhr.status > 0
        ? errorOf(xhr.status, xhr.responseText)
        : cause
    const activity = activityOf(file.id)
    activity.retrying = false
    activity.signedOut = statusOf(reason) === 401
    activity.problem = problemOf(reason)
    if (activity.signedOut) reportSignedOut()
    else alertText.value = `${file.meta.name} was not uploaded. ${activity.problem.text}`
    if (cause instanceof UploadGone) forgetUpload(file.id)
    // Otherwise Uppy would send the failed file again, unasked, together with the next one.
    const { uploadStarted } = uppy.getState().files[file.id]?.progress ?? {}
    if (uploadStarted != null) queueMicrotask(() => clearError(file.id))
  })
}

/** Explains a failure, and says whether another attempt can succeed. */
export function problemOf(reason: Error): Problem {
  const isFinal = reason instanceof FileTooLarge || reason instanceof FileChanged
  const canRetry = !isFinal && ![400, 413, 415].includes(statusOf(reason))
  // It begins with the name of a file, whose case must stay as it is.
  const text = reason instanceof FileTooLarge ? reason.message : explain(reason)
  return { text, canRetry }
}

function statusOf(reason: Error): number {
  return 'status' in reason ? Number(reason.status) : 0
}

/** Makes the next attempt create a new upload. */
function forgetUpload(id: string): void {
  const file = uppy.getState().files[id]
  if (file?.tus?.endpoint === undefined) return
  uppy.setFileState(id, { tus: { endpoint: file.tus.endpoint } })
}

function clearError(id: string): void {
  if (uppy.getState().files[id] !== undefined) uppy.setFileState(id, { error: null })
}

/** The innermost error: tus-js-client and Uppy wrap the one that says most. */
function causeOf(error: Error): Error {
  const inner = 'causingError' in error ? error.causingError : error.cause
  return inner instanceof Error ? causeOf(inner) : error
}
