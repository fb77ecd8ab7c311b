import { getDroppedFiles } from '@uppy/core/utils'
import { complain } from '../ui/messages.ts'
import { send } from './actions.ts'
import type { Destination } from './destination.ts'

/** Sends what was dropped, folders with all that is in them. */
export async function sendDropped(
  data: DataTransfer,
  { folderUrl, folderPath }: Destination,
): Promise<void> {
  const unread: string[] = []
  const files = await getDroppedFiles(data, {
    logDropError: (error: unknown) => unread.push(String(error)),
  })
  if (unread.length > 0)
    complain('Some of what was dropped could not be read, and is not uploaded.')
  const where = { folderUrl: folderUrl.replace(/\/$/, ''), folderPath }
  send(files.map((file) => ({ file, meta: { ...where, ...relativePathOf(file) } })))
}

/** Uppy notes on a file the path that it had in what was dropped. */
function relativePathOf(file: File): { readonly relativePath?: string } {
  if (!('relativePath' in file) || typeof file.relativePath !== 'string') return {}
  return { relativePath: file.relativePath }
}
