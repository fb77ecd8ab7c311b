import type { ReadonlySignal, Signal } from '@preact/signals'
import { computed, signal } from '@preact/signals'
import type { Activity } from './activity.ts'
import { activityOf } from './activity.ts'
import type { UploadFile } from './uppy.ts'
import { uppy } from './uppy.ts'

/** The state of an upload. */
export type RowState =
  | 'preparing'
  | 'queued'
  | 'uploading'
  | 'retrying'
  | 'paused'
  | 'signed_out'
  | 'failed'
  | 'completed'

/** An upload of this page, as the tray shows it. */
export interface Row {
  readonly id: string
  readonly name: string
  /** Path of ids of the folder that it goes to. */
  readonly folderPath: string
  /** The name of the object that it replaces. */
  readonly replaces: string | null
  readonly state: RowState
  /** Whether no byte was sent for some seconds while it should be uploading. */
  readonly isStalled: boolean
  /** Bytes. */
  readonly sent: number
  /** Bytes. */
  readonly length: number
  /** Bytes per second. */
  readonly speed: number
  readonly problem: string | null
  /** Whether another attempt can succeed after a failure. */
  readonly canRetry: boolean
  readonly location: string | null
  /** The URL of the upload; null before the server has created it. */
  readonly uploadUrl: string | null
}

export const rows: Signal<readonly Row[]> = signal([])

/** The uploads that have neither completed nor failed. */
export const unfinished: ReadonlySignal<readonly Row[]> = computed(() =>
  rows.value.filter(isUnfinished),
)

/** Whether an upload has neither completed nor failed. */
export function isUnfinished({ state }: Row): boolean {
  return state !== 'completed' && state !== 'failed'
}

/** Whether an upload is being sent, or will be without the user doing anything. */
export function isRunning({ state }: Row): boolean {
  return state === 'uploading' || state === 'queued' || state === 'retrying'
}

/** Milliseconds between two looks at speeds and stalls. */
const INTERVAL = 1_000

/** Milliseconds without a byte after which an upload is stalled. */
const STALL = 5_000

/** Takes the rows from Uppy now. */
export function refreshRows(): void {
  rows.value = uppy.getFiles().filter(isShown).map(rowOf)
}

/** Follows the uploads of Uppy. */
export function followRows(): void {
  let isPlanned = false
  const plan = (): void => {
    if (isPlanned) return
    isPlanned = true
    setTimeout(() => {
      isPlanned = false
      refreshRows()
    }, 100)
  }
  uppy.on('state-update', plan)
  uppy.on('upload-progress', (file, { bytesUploaded }) => {
    if (file === undefined) return
    const activity = activityOf(file.id)
    activity.speed.note(bytesUploaded, performance.now())
    activity.lastByteAt = performance.now()
  })
  uppy.on('upload-pause', (file) => file !== undefined && activityOf(file.id).speed.reset())
  setInterval(
    () => rows.peek().some(({ state }) => state === 'uploading' || state === 'retrying') && plan(),
    INTERVAL,
  )
}

/** Hides files that are not being uploaded yet, and uploads that were just cancelled. */
function isShown(file: UploadFile): boolean {
  if (activityOf(file.id).undoCancel !== null) return false
  const { currentUploads } = uppy.getState()
  const hasStarted = file.progress.uploadStarted != null || file.error != null
  return (
    hasStarted || Object.values(currentUploads).some(({ fileIDs }) => fileIDs.includes(file.id))
  )
}

function rowOf(file: UploadFile): Row {
  const activity = activityOf(file.id)
  const state = stateOf(file, activity)
  const now = performance.now()
  const length = file.size ?? 0
  const sent = state === 'completed' ? length : file.progress.bytesUploaded || 0
  const uploadUrl = file.tus?.uploadUrl
  return {
    id: file.id,
    name: file.meta.name,
    folderPath: activity.destination ?? file.meta.folderPath ?? '/',
    replaces: file.meta.replaceUrl === undefined ? null : (file.meta.replaces ?? 'a file'),
    state,
    isStalled: state === 'uploading' && sent < length && isStalled(activity, now),
    sent,
    length,
    speed: state === 'uploading' ? activity.speed.at(now) : 0,
    problem: activity.problem?.text ?? null,
    canRetry: activity.problem?.canRetry ?? true,
    location: activity.location,
    uploadUrl: typeof uploadUrl === 'string' ? uploadUrl : null,
  }
}

function stateOf({ progress, isPaused }: UploadFile, activity: Activity): RowState {
  if (progress.uploadComplete) return 'completed'
  if (activity.signedOut) return 'signed_out'
  if (activity.problem !== null) return 'failed'
  if (isPaused === true) return 'paused'
  if (activity.retrying) return 'retrying'
  if (progress.uploadStarted == null) return 'preparing'
  return activity.started ? 'uploading' : 'queued'
}

/** The time counts from the first look, until a byte is sent. */
function isStalled(activity: Activity, now: number): boolean {
  activity.lastByteAt ??= now
  return now - activity.lastByteAt > STALL
}
