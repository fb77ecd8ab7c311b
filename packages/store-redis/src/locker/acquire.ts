import type { LeaseLoss, LeaseRequest } from '@tusker/core'
import { UploadError } from '@tusker/core'
import { randomBytes } from 'node:crypto'
import type { LeaseCalls } from './lease-commands.ts'
import type { LeaseChannel } from './notifications.ts'

/** A lease that was granted. */
export interface Grant {
  readonly id: string
  readonly mark: string
  readonly token: number
  /** When the request was sent, by the clock of `performance`. Redis measures from a later moment. */
  readonly askedAt: number
}

export interface Waiting {
  readonly calls: LeaseCalls
  readonly channel: LeaseChannel
  /** Milliseconds after the request for which the holder relies on a lease. */
  readonly reliable: number
}

/** The request of a caller. */
export interface Wish {
  readonly id: string
  readonly request: LeaseRequest
  /** Aborts when another caller behind this one asks it to stop. */
  readonly pressed: LeaseLoss
}

/** Milliseconds between two checks of a waiter: messages can get lost. */
const LOOK = 500

/**
 * Waits for a lease.
 *
 * @throws UploadError `busy` when the lease is held and `ask` is `nothing`, `unavailable` when Redis cannot
 *   be reached; the reason of the signal when it aborts
 */
export async function acquire(
  { calls, channel, reliable }: Waiting,
  { id, request, pressed }: Wish,
): Promise<Grant> {
  const mark = randomBytes(12).toString('base64url')
  const bell = startBell(channel, id)
  pressed.addEventListener('abort', bell.ring)
  const askNow = (): LeaseRequest['ask'] => (pressed.aborted ? 'stop' : request.ask)
  let unanswered: Promise<unknown> | null = null
  try {
    for (;;) {
      request.signal.throwIfAborted()
      bell.reset()
      const askedAt = performance.now()
      const attempt = (unanswered = calls.acquire(id, mark, askNow()))
      const answer = await orAborted(attempt, request.signal)
      unanswered = null
      if (answer.state === 'granted') {
        // A grant that took long to arrive is requested again, which renews it.
        if (performance.now() - askedAt >= reliable) continue
        return { id, mark, askedAt, token: answer.token }
      }
      if (request.ask === 'nothing') throw new UploadError('busy', 'the upload is in use')
      await orAborted(bell.rung(Math.min(LOOK, answer.wait + 1)), request.signal)
    }
  } finally {
    pressed.removeEventListener('abort', bell.ring)
    bell.stop()
    // A pending reply can be a grant, which must be released.
    void unanswered
      ?.catch(() => {})
      .then(() => calls.release(id, mark))
      .catch(() => {})
  }
}

/** Wakes a waiter when the lease was released. */
interface Bell {
  ring(): void
  /** Ignores releases until now. */
  reset(): void
  /** Resolves after a release since the last reset, or after some milliseconds. */
  rung(atMost: number): Promise<void>
  stop(): void
}

function startBell(channel: LeaseChannel, id: string): Bell {
  let rang = false
  let wake = (): void => {}
  function ring(): void {
    rang = true
    wake()
  }
  return {
    ring,
    stop: channel.onFree(id, ring),
    reset: () => (rang = false),
    rung: (atMost) =>
      new Promise((resolve) => {
        if (rang) {
          resolve()
          return
        }
        const timer = setTimeout(resolve, atMost)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      }),
  }
}

/** Waits for a promise, and rejects with the reason of the signal when that aborts first. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason as Error)
    signal.addEventListener('abort', leave, { once: true })
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}
