import { FolderMaker } from './folder-maker.ts'
import { whenReachable } from './when-reachable.ts'
import { reportPreparationFailed } from './failures.ts'
import type { UploadFile } from './uppy.ts'
import { uppy } from './uppy.ts'

/** Before files are sent: makes the folders they came in, and says where each file goes. */
export async function prepare(ids: string[]): Promise<void> {
  const folders = new FolderMaker()
  for (const id of ids) {
    const file = uppy.getFile(id) as UploadFile | undefined
    if (file === undefined || file.tus?.endpoint !== undefined) continue
    try {
      const isWanted = (): boolean => uppy.getState().files[id] !== undefined
      const endpoint = await whenReachable(() => endpointOf(file, folders), isWanted)
      // It may have been cancelled meanwhile.
      if (!isWanted()) continue
      uppy.setFileMeta(id, {
        ...file.meta,
        filename: file.meta.name,
        'content-type': file.type || 'application/octet-stream',
      })
      const { uploadUrl } = file.meta
      uppy.setFileState(id, { tus: { endpoint, ...(uploadUrl !== undefined && { uploadUrl }) } })
    } catch (error) {
      reportPreparationFailed(file, error)
    }
  }
}

async function endpointOf(file: UploadFile, folders: FolderMaker): Promise<string> {
  const { replaceUrl, folderUrl, relativePath } = file.meta
  if (replaceUrl !== undefined) return `${replaceUrl}/@tus-replace`
  if (folderUrl === undefined) throw new Error('no folder is open to upload to')
  const names = (relativePath ?? '')
    .split('/')
    .filter((name) => name !== '')
    .slice(0, -1)
  return `${await folders.ensure(folderUrl, names)}/@tus-upload`
}
