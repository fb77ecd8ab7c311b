import type { Signal } from '@preact/signals'
import { computed, signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import type { Activity } from './activity.ts'
import { activityOf } from './activity.ts'
import type { UploadFile } from './uppy.ts'
import { uppy } from './uppy.ts'

/** How far an upload is. */
export type RowState =
  | 'preparing'
  | 'waiting'
  | 'uploading'
  | 'trying'
  | 'paused'
  | 'signed_out'
  | 'failed'
  | 'completed'

/** An upload of this page, as it is shown. */
export interface Row {
  readonly id: string
  readonly name: string
  /** Path of ids of the folder it goes to. */
  readonly folderPath: string
  /** What the object is called whose bytes it replaces. */
  readonly replaces: string | null
  readonly state: RowState
  /** Bytes. */
  readonly sent: number
  readonly length: number
  /** Bytes per second. */
  readonly speed: number
  readonly problem: string | null
  readonly location: string | null
  /** The URL of the upload; null before the server has one. */
  readonly uploadUrl: string | null
}

export const rows: Signal<readonly Row[]> = signal([])

/** Those that are not over. */
export const unfinished: ReadonlySignal<readonly Row[]> = computed(() =>
  rows.value.filter(isUnfinished),
)

/** Whether it is still on its way. */
export function isUnfinished({ state }: Row): boolean {
  return state !== 'completed' && state !== 'failed'
}

/** Milliseconds between two looks at how fast it goes. */
const LOOK = 1_000

/** Follows what Uppy knows. Files that were only chosen, and not yet sent, are no uploads. */
export function followRows(): void {
  let planned = false
  const refresh = (): void => {
    planned = false
    rows.value = uppy.getFiles().filter(isUpload).map(rowOf)
  }
  const plan = (): void => {
    if (planned) return
    planned = true
    setTimeout(refresh, 100)
  }
  uppy.on('state-update', plan)
  uppy.on('upload-progress', (file, { bytesUploaded }) => {
    if (file === undefined) return
    activityOf(file.id).pace.note(bytesUploaded, performance.now())
  })
  uppy.on('upload-pause', (file) => file !== undefined && activityOf(file.id).pace.reset())
  setInterval(
    () => rows.peek().some(({ state }) => state === 'uploading' || state === 'trying') && plan(),
    LOOK,
  )
}

function isUpload(file: UploadFile): boolean {
  const { currentUploads } = uppy.getState()
  const begun = file.progress.uploadStarted != null || file.error != null
  return begun || Object.values(currentUploads).some(({ fileIDs }) => fileIDs.includes(file.id))
}

function rowOf(file: UploadFile): Row {
  const activity = activityOf(file.id)
  const state = stateOf(file, activity)
  const uploadUrl = file.tus?.uploadUrl
  return {
    id: file.id,
    name: file.meta.name,
    folderPath: file.meta.folderPath ?? '/',
    replaces: file.meta.replaceUrl === undefined ? null : (file.meta.replaces ?? 'a file'),
    state,
    sent: state === 'completed' ? (file.size ?? 0) : file.progress.bytesUploaded || 0,
    length: file.size ?? 0,
    speed: state === 'uploading' ? activity.pace.at(performance.now()) : 0,
    problem: activity.problem,
    location: activity.location,
    uploadUrl: typeof uploadUrl === 'string' ? uploadUrl : null,
  }
}

function stateOf({ progress, isPaused }: UploadFile, activity: Activity): RowState {
  if (progress.uploadComplete) return 'completed'
  if (activity.signedOut) return 'signed_out'
  if (activity.problem !== null) return 'failed'
  if (isPaused === true) return 'paused'
  if (activity.trying) return 'trying'
  if (progress.uploadStarted == null) return 'preparing'
  return activity.asked ? 'uploading' : 'waiting'
}
