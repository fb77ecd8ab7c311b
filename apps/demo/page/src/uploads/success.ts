import { say } from '../ui/messages.ts'
import { activityOf } from './activity.ts'
import { folderChanged } from '../tree/changes.ts'
import { uppy } from './uppy.ts'

/** Follows uploads that complete: notes what became of them, and lets their folder be shown anew. */
export function followSuccess(): void {
  uppy.on('upload-success', (file, response) => {
    if (file === undefined) return
    const activity = activityOf(file.id)
    const xhr = response.body?.['xhr']
    activity.location = xhr instanceof XMLHttpRequest ? xhr.getResponseHeader('Location') : null
    Object.assign(activity, { trying: false, problem: null })
    say(
      file.meta.replaceUrl === undefined
        ? `${file.meta.name} is uploaded.`
        : `${file.meta.replaces ?? file.name} is replaced.`,
    )
    folderChanged(file.meta.folderPath ?? '/')
  })
}
