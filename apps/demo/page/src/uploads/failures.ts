import { errorOf, explain } from '../api/errors.ts'
import { reportSignedOut } from '../api/http.ts'
import { warn } from '../ui/messages.ts'
import { activityOf } from './activity.ts'
import { UploadEnded } from './resilience.ts'
import type { UploadFile } from './uppy.ts'
import { uppy } from './uppy.ts'

/** Says why a file could not even be begun. */
export function reportPreparationFailed(file: UploadFile, error: unknown): void {
  uppy.emit('upload-error', file, error instanceof Error ? error : new Error(String(error)))
}

/** Follows uploads that fail, and puts into words why. */
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
    activity.trying = false
    activity.signedOut = 'status' in reason && reason.status === 401
    activity.problem = explain(reason)
    if (activity.signedOut) reportSignedOut()
    else warn(`${file.name} was not uploaded. ${activity.problem}`)
    if (cause instanceof UploadEnded) forgetUpload(file.id)
    // Uppy would send what has failed again, first and without being asked, with the next file.
    const { uploadStarted } = uppy.getState().files[file.id]?.progress ?? {}
    if (uploadStarted != null) queueMicrotask(() => clearError(file.id))
  })
}

/** The next attempt begins anew. */
function forgetUpload(id: string): void {
  const file = uppy.getState().files[id]
  if (file?.tus?.endpoint === undefined) return
  uppy.setFileState(id, { tus: { endpoint: file.tus.endpoint } })
}

function clearError(id: string): void {
  if (uppy.getState().files[id] !== undefined) uppy.setFileState(id, { error: null })
}

/** tus-js-client and Uppy put errors into errors; what was thrown first says most. */
function causeOf(error: Error): Error {
  const inner = 'causingError' in error ? error.causingError : error.cause
  return inner instanceof Error ? causeOf(inner) : error
}
