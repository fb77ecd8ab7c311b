import type { LeaseRequest } from '@tusker/core'
import { UploadError } from '@tusker/core'
import { randomBytes } from 'node:crypto'
import type { LeaseCalls } from './lease-commands.ts'
import type { LeaseChannel } from './notifications.ts'

/** A lease that was granted. */
export interface Grant {
  readonly id: string
  readonly mark: string
  readonly token: number
  /** When it was asked for, by the clock of `performance`: Redis counts from later. */
  readonly askedAt: number
}

export interface Waiting {
  readonly calls: LeaseCalls
  readonly channel: LeaseChannel
  /** Milliseconds after it was asked for that a lease is relied on. */
  readonly reliable: number
}

/** What a caller wants. */
export interface Wish {
  readonly id: string
  readonly request: LeaseRequest
  /** Aborts when somebody who waits behind this caller insists. */
  readonly pressed: AbortSignal
}

/** Milliseconds after which a waiter looks for itself, as messages get lost. */
const LOOK = 500

/**
 * Waits for a lease.
 *
 * @throws UploadError `busy` when nothing was to be asked and it is held, `unavailable` when Redis is
 *   not reached; the reason of the signal
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
        // A grant that was long on its way is asked for again, which renews it.
        if (performance.now() - askedAt >= reliable) continue
        return { id, mark, askedAt, token: answer.token }
      }
      if (request.ask === 'nothing') throw new UploadError('busy', 'the upload is in use')
      await orAborted(bell.rung(Math.min(LOOK, answer.wait + 1)), request.signal)
    }
  } finally {
    pressed.removeEventListener('abort', bell.ring)
    bell.stop()
    // What is still on its way may be a grant, and nobody else would end it.
    void unanswered
      ?.catch(() => {})
      .then(() => calls.release(id, mark))
      .catch(() => {})
  }
}

/** Rings when it is time to try again: the lease was released. */
interface Bell {
  ring(): void
  /** From now on counts. */
  reset(): void
  /** Resolves once it rang after the last reset, or so many milliseconds have passed. */
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

/** Waits no longer than until a signal aborts, and rejects with its reason then. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason as Error)
    signal.addEventListener('abort', leave, { once: true })
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}
