import { pathOf } from '../route/address.ts'
import { folderChanged } from '../tree/changes.ts'
import { titleOf } from '../tree/titles.ts'
import { notify } from '../ui/messages.ts'
import { count } from '../ui/format.ts'
import { askUser } from './conflict-questions.ts'
import type { Conflict, NamedFile } from './conflicts.ts'
import { findConflicts } from './conflicts.ts'
import type { Choice } from './decide.ts'
import { decide } from './decide.ts'
import { activityOf } from './activity.ts'
import { reportPreparationFailed } from './failures.ts'
import { Folders } from './folders.ts'
import { FileTooLarge, sizeLimit } from './size-limit.ts'
import type { UploadFile, UploadMeta } from './uppy.ts'
import { isUnderWay, uppy } from './uppy.ts'
import { whenReachable } from './when-reachable.ts'

/** Before files are sent: asks about names that are taken, makes folders, and sets the endpoints. */
export async function prepare(ids: string[]): Promise<void> {
  const folders = new Folders()
  const added = ids.flatMap((id) => unprepared(id) ?? [])
  const batch = await withinLimit(added)
  try {
    await settleNames(batch, folders)
  } catch (error) {
    for (const file of batch) if (isWanted(file)) reportPreparationFailed(file, error)
    return
  }
  for (const { id } of batch) {
    const file = unprepared(id)
    if (file === null) continue
    try {
      const endpoint = await whenReachable(
        () => endpointOf(file, folders),
        () => isWanted(file),
      )
      if (isWanted(file)) setEndpoint(file, endpoint)
    } catch (error) {
      reportPreparationFailed(file, error)
    }
  }
}

function setEndpoint({ id, type, meta }: UploadFile, endpoint: string): void {
  const contentType = type || 'application/octet-stream'
  uppy.setFileMeta(id, { ...meta, filename: meta.name, 'content-type': contentType })
  const { uploadUrl } = meta
  uppy.setFileState(id, { tus: { endpoint, ...(uploadUrl !== undefined && { uploadUrl }) } })
}

/** Reports the files that the server would not accept, and returns the others. */
async function withinLimit(files: readonly UploadFile[]): Promise<readonly UploadFile[]> {
  // If the limit cannot be read, the server refuses a file above it.
  const limit = await whenReachable(sizeLimit, () => files.some(isWanted)).catch(() => null)
  return files.filter((file) => {
    const length = file.size ?? 0
    if (limit === null || length <= limit) return true
    if (isWanted(file))
      reportPreparationFailed(file, new FileTooLarge(file.meta.name, length, limit))
    return false
  })
}

/** A file as it is now; null once it has been cancelled or was prepared by an earlier attempt. */
function unprepared(id: string): UploadFile | null {
  const file = uppy.getState().files[id]
  return file === undefined || file.tus?.endpoint !== undefined ? null : file
}

function isWanted({ id }: UploadFile): boolean {
  return uppy.getState().files[id] !== undefined
}

/** Finds names that are taken, asks the user about them, and does what the user chose. */
async function settleNames(batch: readonly UploadFile[], folders: Folders): Promise<void> {
  const named = batch.flatMap((file) => namedFile(file) ?? [])
  const { conflicts, renamed } = await whenReachable(
    () => findConflicts(named, folders, (url) => namesUnderWay(url, batch)),
    () => batch.some(isWanted),
  )
  for (const [id, name] of renamed) change(id, { name })
  const folder = titleOf(pathOf(batch[0]?.meta.folderPath ?? '/'))
  const choices = await decide(conflicts, (open) => askUser(open, folder))
  if (choices === null) {
    uppy.removeFiles(batch.map(({ id }) => id))
    notify(`${count(batch.length, 'upload')} cancelled.`)
    return
  }
  for (const conflict of conflicts) carryOut(conflict, choices.get(conflict.id) ?? 'skip')
}

function carryOut({ id, freeName, existing, name }: Conflict, choice: Choice): void {
  if (choice === 'skip') uppy.removeFile(id)
  else if (choice === 'keep_both') change(id, { name: freeName })
  else if (existing !== null) change(id, { replaceUrl: existing['@id'], replaces: name })
}

/** Changes the metadata of a file, unless it has been cancelled. */
function change(id: string, changes: Partial<UploadMeta>): void {
  const file = uppy.getState().files[id]
  if (file !== undefined) uppy.setFileMeta(id, { ...file.meta, ...changes })
}

/** Null for a file that is meant to replace an object, or to resume an upload. */
function namedFile({ id, meta }: UploadFile): NamedFile | null {
  const { name, folderUrl, replaceUrl, uploadUrl } = meta
  if (folderUrl === undefined || replaceUrl !== undefined || uploadUrl !== undefined) return null
  return { id, name, folderUrl, folders: foldersOf(meta) }
}

function namesUnderWay(folderUrl: string, batch: readonly UploadFile[]): readonly string[] {
  const own = new Set(batch.map(({ id }) => id))
  return uppy
    .getFiles()
    .filter((file) => !own.has(file.id) && isUnderWay(file))
    .filter(({ tus }) => tus?.endpoint === `${folderUrl}/@tus-upload`)
    .map(({ meta }) => meta.name)
}

/** The names of the folders that a file was chosen or dropped in. */
function foldersOf({ relativePath }: UploadMeta): string[] {
  const names = (relativePath ?? '').split('/').filter((name) => name !== '')
  return names.slice(0, -1)
}

async function endpointOf({ id, meta }: UploadFile, folders: Folders): Promise<string> {
  const { replaceUrl, folderUrl } = meta
  if (replaceUrl !== undefined) return `${replaceUrl}/@tus-replace`
  if (folderUrl === undefined) throw new Error('no folder is open to upload to')
  const names = foldersOf(meta)
  const url = await folders.ensure(folderUrl, names)
  const base = (meta.folderPath ?? '/').replace(/\/$/, '')
  if (names.length > 0 && url.startsWith(folderUrl)) {
    activityOf(id).destination = base + decodeURIComponent(url.slice(folderUrl.length))
    folderChanged(base === '' ? '/' : base)
  }
  return `${url}/@tus-upload`
}
