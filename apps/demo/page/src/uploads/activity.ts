import type { SpeedMeter } from './speed.ts'
import { speedMeter } from './speed.ts'

/** The reason why an upload failed. */
export interface Problem {
  /** A sentence for people. */
  readonly text: string
  /** False if another attempt would fail for the same reason. */
  readonly canRetry: boolean
}

/** The state of an upload that Uppy does not keep. */
export interface Activity {
  /** A request was sent: the upload is no longer queued. */
  started: boolean
  /** The last attempt failed and there will be another one. */
  retrying: boolean
  problem: Problem | null
  /** The upload failed because the user is signed out. */
  signedOut: boolean
  /** The URL of the content that it became. */
  location: string | null
  /** Path of ids of the folder that it goes to, once that folder exists. */
  destination: string | null
  /** When the last byte was sent, on the clock of `performance.now()`; null before the first one. */
  lastByteAt: number | null
  /** Takes back the cancellation of the upload; null unless it was just cancelled. */
  undoCancel: (() => void) | null
  readonly speed: SpeedMeter
}

const activities = new Map<string, Activity>()

/** The activity of an upload, by the id of its file. */
export function activityOf(id: string): Activity {
  const known = activities.get(id)
  if (known !== undefined) return known
  const activity: Activity = {
    started: false,
    retrying: false,
    problem: null,
    signedOut: false,
    location: null,
    destination: null,
    lastByteAt: null,
    undoCancel: null,
    speed: speedMeter(),
  }
  activities.set(id, activity)
  return activity
}

export function forgetActivity(id: string): void {
  activities.delete(id)
}
