import { UploadError } from '@tusker/core'

/** Runs one slow check of a password, when its turn comes. */
export type InTurn = <Result>(
  attempt: SignInAttempt,
  task: () => Promise<Result>,
) => Promise<Result>

/** A client's attempt to sign in. */
export interface SignInAttempt {
  readonly name: string
  /** True for a name of the settings. */
  readonly isUser: boolean
  /** Null where the adapter does not know it. */
  readonly address: string | null
}

/** Attempts of one client for one user that may wait. */
const PER_CLIENT = 8
/** Attempts that may wait for all names that no user has. */
const UNKNOWN_NAMES = 16
/** Attempts that may wait in all. */
const TOTAL = 512

const RETRY = { headers: { 'retry-after': '5' } }

/**
 * Checks passwords one at a time: a check is slow work for the threads that also serve the disk. Each
 * client gets its turns for each user. A client that guesses passwords waits for its own guesses, and
 * does not keep other users from signing in.
 */
export function signInQueue(): InTurn {
  const lines = new Map<string, (() => void)[]>()
  let waiting = 0
  let isBusy = false

  function enter(attempt: SignInAttempt): Promise<void> {
    const key = attempt.isUser ? JSON.stringify([attempt.name, attempt.address]) : ''
    const line = lines.get(key) ?? []
    if (line.length >= (attempt.isUser ? PER_CLIENT : UNKNOWN_NAMES)) {
      throw new UploadError('rate_limited', 'too many attempts to sign in, retry later', RETRY)
    }
    if (waiting >= TOTAL) {
      throw new UploadError('unavailable', 'too many clients are signing in, retry later', RETRY)
    }
    lines.set(key, line)
    waiting += 1
    return new Promise((resolve) => {
      line.push(resolve)
      next()
    })
  }

  function next(): void {
    const [first] = lines
    if (isBusy || first === undefined) return
    const [key, line] = first
    // The line goes to the end, so that every line gets its turn.
    lines.delete(key)
    const start = line.shift()
    if (line.length > 0) lines.set(key, line)
    waiting -= 1
    isBusy = true
    start?.()
  }

  return async (attempt, task) => {
    await enter(attempt)
    try {
      return await task()
    } finally {
      isBusy = false
      next()
    }
  }
}
