import { activityOf } from './activity.ts'
import { folderChanged } from '../tree/changes.ts'
import { statusText } from '../ui/messages.ts'
import { uppy } from './uppy.ts'

/** Follows completed uploads: notes the URL of the content, and refreshes its folder. */
export function followSuccess(): void {
  uppy.on('upload-success', (file, response) => {
    if (file === undefined) return
    const activity = activityOf(file.id)
    const xhr = response.body?.['xhr']
    activity.location = xhr instanceof XMLHttpRequest ? xhr.getResponseHeader('Location') : null
    Object.assign(activity, { retrying: false, problem: null })
    statusText.value =
      file.meta.replaceUrl === undefined
        ? `“${file.meta.name}” uploaded.`
        : `“${file.meta.replaces ?? file.name}” replaced.`
    folderChanged(file.meta.folderPath ?? '/')
  })
}
