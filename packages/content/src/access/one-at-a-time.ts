import { UploadError } from '@tusker/core'
import type { InTurn } from './passwords.ts'

/**
 * Runs tasks one after the other. Guessing passwords is slow work for the threads that also serve the
 * disk: it may have one of them, and beyond `limit` waiting guesses there are no more.
 */
export function oneAtATime(limit: number): InTurn {
  let waiting = 0
  let last: Promise<unknown> = Promise.resolve()

  return async (task) => {
    if (waiting >= limit) {
      throw new UploadError('unavailable', 'too many are signing in, try again', {
        headers: { 'retry-after': '5' },
      })
    }
    waiting += 1
    const result = last.then(task)
    last = result.catch(() => undefined)
    try {
      return await result
    } finally {
      waiting -= 1
    }
  }
}
