import { UploadError } from '@tusker/core'

/** How many listeners the live list may have. */
export interface ListenerLimits {
  /** Of one user: each open page is one. */
  readonly perUser: number
  readonly inAll: number
}

/** The places of listeners. */
export interface ListenerPlaces {
  /**
   * Takes a place. Returns the function that gives it back, and may be called again.
   *
   * @throws UploadError `rate_limited` when the user has too many, `unavailable` when all are taken
   */
  take(user: string): () => void
}

const RETRY = { 'retry-after': '30' }

export function listenerPlaces({ perUser, inAll }: ListenerLimits): ListenerPlaces {
  const byUser = new Map<string, number>()
  let taken = 0

  function change(user: string, by: 1 | -1): void {
    const count = (byUser.get(user) ?? 0) + by
    taken += by
    if (count === 0) byUser.delete(user)
    else byUser.set(user, count)
  }

  return {
    take(user) {
      if ((byUser.get(user) ?? 0) >= perUser) {
        const message = `close one of your other ${perUser} lists of uploads first`
        throw new UploadError('rate_limited', message, { headers: RETRY })
      }
      if (taken >= inAll) {
        const message = 'too many users follow the uploads, try again later'
        throw new UploadError('unavailable', message, { headers: RETRY })
      }
      change(user, 1)
      let isTaken = true
      return () => {
        if (isTaken) change(user, -1)
        isTaken = false
      }
    },
  }
}
