import { getDroppedFiles } from '@uppy/core/utils'
import { reportError } from '../ui/messages.ts'
import { send, UPLOAD_TOPIC } from './actions.ts'
import type { Destination } from './destination.ts'

/** Uploads dropped files, and dropped folders with everything in them. */
export async function sendDropped(
  data: DataTransfer,
  { folderUrl, folderPath }: Destination,
): Promise<void> {
  const unread: string[] = []
  const files = await getDroppedFiles(data, {
    logDropError: (error: unknown) => unread.push(String(error)),
  })
  const where = { folderUrl: folderUrl.replace(/\/$/, ''), folderPath }
  send(files.map((file) => ({ file, meta: { ...where, ...relativePathOf(file) } })))
  if (unread.length > 0)
    reportError("Some of the dropped files can't be read. They are not uploaded.", UPLOAD_TOPIC)
}

/** Uppy adds to each file its path inside the dropped folder. */
function relativePathOf(file: File): { readonly relativePath?: string } {
  if (!('relativePath' in file) || typeof file.relativePath !== 'string') return {}
  return { relativePath: file.relativePath }
}
