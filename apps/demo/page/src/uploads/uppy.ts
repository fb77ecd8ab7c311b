import type { UppyFile } from '@uppy/core'
import Uppy from '@uppy/core'
import type { TusBody } from '@uppy/tus'
import { notify } from '../ui/messages.ts'
import { activityOf, forgetActivity } from './activity.ts'
import { openFolder } from './destination.ts'

/** The metadata of a file: its destination, and the fields for the server. */
export type UploadMeta = {
  name: string
  /** The server reads `filename` and `content-type`. */
  filename?: string
  'content-type'?: string
  /** `folder/sub/name` of a file that was chosen or dropped with its folder. */
  relativePath?: string
  /** The folder it is uploaded to. */
  folderUrl?: string
  /** The path of ids of that folder. */
  folderPath?: string
  /** The URL of the object whose bytes it replaces. */
  replaceUrl?: string
  /** The name of that object. */
  replaces?: string
  /** The URL of an upload of an earlier visit that it resumes. */
  uploadUrl?: string
  [key: string]: unknown
}

/** A file that is to be uploaded. */
export type UploadFile = UppyFile<UploadMeta, TusBody>

/** The Uppy that uploads files, from the chooser, from a drop, or to replace an object. */
export const uppy: Uppy<UploadMeta, TusBody> = new Uppy<UploadMeta, TusBody>({
  id: 'page',
  onBeforeFileAdded: withDestination,
})

/** Adds the destination to a file and to its id: the same file may go to two folders. */
function withDestination(file: UploadFile, files: Record<string, UploadFile>): UploadFile | false {
  const meta: UploadMeta = { ...openFolder.peek(), ...file.meta }
  const id = `${file.id}-${meta.replaceUrl ?? meta.folderUrl ?? ''}`
  const before = files[id]
  const { undoCancel } = activityOf(id)
  if (undoCancel !== null) {
    undoCancel()
    return false
  }
  if (before !== undefined && isUnderWay(before)) {
    notify(`“${file.name}” is already being uploaded.`)
    return false
  }
  forgetActivity(id)
  return { ...file, id, meta }
}

/** Whether an upload has neither completed nor failed. */
export function isUnderWay({ id, progress, error }: UploadFile): boolean {
  return !progress.uploadComplete && error == null && activityOf(id).problem === null
}
