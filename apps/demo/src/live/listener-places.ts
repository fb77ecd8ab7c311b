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
   * Takes a place. Resolves to the function that gives it back, and may be called again.
   *
   * @param knock sends the listener something, so that the server notices when its client has gone
   * @throws UploadError `rate_limited` when the user has too many, `unavailable` when all are taken
   */
  take(user: string, knock: () => void): Promise<() => void>
}

const RETRY = { 'retry-after': '30' }
/** Milliseconds that a new listener waits for the places of clients that have gone. */
const PATIENCE = 1_000

interface Place {
  knock(): void
}

export function listenerPlaces({ perUser, inAll }: ListenerLimits): ListenerPlaces {
  const byUser = new Map<string, Set<Place>>()
  const waiting = new Set<() => void>()
  let taken = 0

  const isFull = (user: string): boolean => (byUser.get(user)?.size ?? 0) >= perUser

  /** A page that was reloaded has left a listener, which the server notices only when it writes to it. */
  async function ask(user: string): Promise<void> {
    for (const { knock } of byUser.get(user) ?? []) knock()
    const end = performance.now() + PATIENCE
    while (isFull(user) && performance.now() < end) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(settle, end - performance.now())
        function settle(): void {
          clearTimeout(timer)
          waiting.delete(settle)
          resolve()
        }
        waiting.add(settle)
      })
    }
  }

  function release(user: string, place: Place): void {
    const places = byUser.get(user)
    if (places?.delete(place) !== true) return
    taken -= 1
    if (places.size === 0) byUser.delete(user)
    for (const settle of waiting) settle()
  }

  return {
    async take(user, knock) {
      if (isFull(user)) await ask(user)
      if (isFull(user)) {
        const message = `close one of your other ${perUser} lists of uploads first`
        throw new UploadError('rate_limited', message, { headers: RETRY })
      }
      if (taken >= inAll) {
        const message = 'too many users follow the uploads, try again later'
        throw new UploadError('unavailable', message, { headers: RETRY })
      }
      const place = { knock }
      const places = byUser.get(user) ?? new Set()
      byUser.set(user, places.add(place))
      taken += 1
      return () => release(user, place)
    },
  }
}
