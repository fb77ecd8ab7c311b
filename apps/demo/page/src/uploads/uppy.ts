import type { UppyFile } from '@uppy/core'
import Uppy from '@uppy/core'
import type { TusBody } from '@uppy/tus'
import { announce } from '../ui/messages.ts'
import { activityOf, forgetActivity } from './activity.ts'
import { openFolder } from './destination.ts'

/** What travels with a file: where it goes, and what the server is told about it. */
export type UploadMeta = {
  name: string
  /** `filename` and `content-type` are what the server reads. */
  filename?: string
  'content-type'?: string
  /** `folder/sub/name` for what came in a folder. */
  relativePath?: string
  /** The folder it is uploaded to. */
  folderUrl?: string
  /** Its path of ids. */
  folderPath?: string
  /** The object whose bytes it replaces. */
  replaceUrl?: string
  /** What that is called. */
  replaces?: string
  /** An upload of an earlier visit that it goes on with. */
  uploadUrl?: string
  [key: string]: unknown
}

/** A file that is to be uploaded. */
export type UploadFile = UppyFile<UploadMeta, TusBody>

/** Uploads, all of them, whatever they were added by. */
export const uppy: Uppy<UploadMeta, TusBody> = new Uppy<UploadMeta, TusBody>({
  id: 'page',
  onBeforeFileAdded: withDestination,
})

/** The same file may go to two folders, so the place is part of what a file is. */
function withDestination(file: UploadFile, files: Record<string, UploadFile>): UploadFile | false {
  const meta: UploadMeta = { ...openFolder.peek(), ...file.meta }
  const id = `${file.id}-${meta.replaceUrl ?? meta.folderUrl ?? ''}`
  const before = files[id]
  if (before !== undefined && isUnderWay(before)) {
    announce(`${file.name} is being uploaded already.`)
    return false
  }
  forgetActivity(id)
  return { ...file, id, meta }
}

/** Whether an upload has neither completed nor failed. */
export function isUnderWay({ id, progress, error }: UploadFile): boolean {
  return !progress.uploadComplete && error == null && activityOf(id).problem === null
}
