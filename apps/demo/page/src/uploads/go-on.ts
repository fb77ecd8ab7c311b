import type { LiveUpload } from '../api/types.ts'
import { chooseFile } from '../ui/choose-file.ts'
import { bytes } from '../ui/format.ts'
import { complain } from '../ui/messages.ts'
import { send } from './actions.ts'

/** Lets the user choose a file again, and goes on with what an earlier visit began to send of it. */
export async function goOn(upload: LiveUpload): Promise<void> {
  const file = await chooseFile()
  if (file === null) return
  const problem = whyNot(file, upload)
  if (problem === null) send([{ file, meta: metaOf(upload) }])
  else complain(problem)
}

/** Whether an upload may go on with this file. Bytes cannot be compared, so name and length are. */
function whyNot(file: File, { fileName, length }: LiveUpload): string | null {
  if (length !== null && file.size !== length) {
    return `This is another file: it has ${bytes(file.size)}, and what was begun has ${bytes(length)}.`
  }
  if (fileName !== null && file.name !== fileName) {
    return `This is another file: what was begun is called ${fileName}.`
  }
  return null
}

function metaOf({ url, context, contextUrl, mode }: LiveUpload): Record<string, string> {
  const where =
    mode === 'replace'
      ? { replaceUrl: contextUrl, replaces: context.slice(context.lastIndexOf('/') + 1) }
      : { folderUrl: contextUrl.replace(/\/$/, '') }
  const folderPath =
    mode === 'replace' ? context.slice(0, context.lastIndexOf('/')) || '/' : context
  return { ...where, folderPath, uploadUrl: url }
}
