import type { Pace } from './pace.ts'
import { pace } from './pace.ts'

/** What is known about an upload besides what Uppy keeps. */
export interface Activity {
  /** A request was made for it: it no longer waits for its turn. */
  asked: boolean
  /** The last attempt failed and there will be another. */
  trying: boolean
  /** Why it has failed, in words. */
  problem: string | null
  /** It has failed because nobody is signed in. */
  signedOut: boolean
  /** The URL of the content that it became. */
  location: string | null
  readonly pace: Pace
}

const activities = new Map<string, Activity>()

/** The activity of an upload, by the id of its file. */
export function activityOf(id: string): Activity {
  const known = activities.get(id)
  if (known !== undefined) return known
  const activity: Activity = {
    asked: false,
    trying: false,
    problem: null,
    signedOut: false,
    location: null,
    pace: pace(),
  }
  activities.set(id, activity)
  return activity
}

export function forgetActivity(id: string): void {
  activities.delete(id)
}
