import type { LiveUpload } from '../api/types.ts'
import { chooseFile } from '../ui/choose-file.ts'
import { bytes } from '../ui/format.ts'
import { clearErrors, reportError } from '../ui/messages.ts'
import { send, UPLOAD_TOPIC } from './actions.ts'

/** Lets the user select a file again, and resumes its upload of an earlier visit. */
export async function resumeFromFile(upload: LiveUpload): Promise<void> {
  clearErrors(UPLOAD_TOPIC)
  const file = await chooseFile()
  if (file === null) return
  const problem = differenceOf(file, upload)
  if (problem === null) send([{ file, meta: metaOf(upload) }])
  else reportError(problem, UPLOAD_TOPIC)
}

/** Says why an upload cannot be resumed with a file. Only name and length can be compared. */
export function differenceOf(
  file: Pick<File, 'name' | 'size'>,
  { fileName, length }: Pick<LiveUpload, 'fileName' | 'length'>,
): string | null {
  const wanted = fileName ?? 'the file'
  if (length !== null && file.size !== length)
    return `That's a different file (${bytes(file.size)}). Select ${wanted} (${bytes(length)}) to resume.`
  if (fileName !== null && file.name !== fileName)
    return `That's a different file (${file.name}). Select ${wanted} to resume.`
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
