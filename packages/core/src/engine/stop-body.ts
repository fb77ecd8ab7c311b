import { UploadError } from '../model/error.ts'
import type { Lease } from '../ports/locker.ts'
import type { MeteredBody } from './metered-body.ts'
import { leaving } from './shutdown.ts'
import type { Closing, Limits } from './ports.ts'

/**
 * Milliseconds without a byte after which a holder yields to a request that waits. A client that still sends
 * rarely pauses that long, and a client that resumes its upload does not wait much longer.
 */
const GRACE = 250

/** The longest delay of a timer in milliseconds. A timer with a longer delay would fire at once. */
const MAX_DELAY = 2 ** 31 - 1

/** The reasons to end a body early. */
export interface Reasons {
  /** Null for a body that no other request can ask for. */
  readonly lease: Lease | null
  readonly closing: Closing
  /** Aborts when the client disconnects. */
  readonly gone: AbortSignal | null
  readonly limits: Limits
}

/** Ends `body` when one of the reasons applies, also at once. Returns the function that stops watching. */
export function watch(body: MeteredBody, { lease, closing, gone, limits }: Reasons): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let hasLookedTwice = false

  /** Ends the body after a pause of its client that is too long. The limit is lower while a request waits. */
  function endWhenIdle(): void {
    clearTimeout(timer)
    const isWanted = lease?.yieldRequest.isPending() === true
    const pause = isWanted ? Math.min(GRACE, limits.idleTimeout) : limits.idleTimeout
    const left = pause - body.idleFor()
    if (left <= 0 && hasLookedTwice) body.stop(isWanted ? yielded() : stalled())
    else timer = setTimeout(endWhenIdle, Math.min(Math.max(0, Math.ceil(left)), MAX_DELAY))
    // A process that was busy has not read yet what its client sent. It does so before its next timer.
    hasLookedTwice = left <= 0
  }

  const lost = lease?.lost ?? null
  const onLost = (): void => body.stop(lost?.reason)
  const onGone = (): void => body.stop(clientGone())
  const listeners = [
    [lost, onLost],
    [gone, onGone],
  ] as const
  const forget = [
    closing.onBegin(() => body.stop(leaving())),
    lease?.yieldRequest.onPending(endWhenIdle),
  ]

  endWhenIdle()
  if (closing.begun()) body.stop(leaving())
  for (const [signal, listener] of listeners) {
    if (signal?.aborted === true) listener()
    else signal?.addEventListener('abort', listener)
  }
  return () => {
    clearTimeout(timer)
    for (const end of forget) end?.()
    for (const [signal, listener] of listeners) signal?.removeEventListener('abort', listener)
  }
}

/** The error of a request whose client has disconnected. It is not a failure of the server. */
export function clientGone(): UploadError {
  return new UploadError('interrupted', 'the client went away')
}

function yielded(): UploadError {
  return new UploadError('interrupted', 'another request took this upload over, ask for its offset')
}

function stalled(): UploadError {
  return new UploadError(
    'interrupted',
    'no bytes came for too long, ask for the offset and continue',
  )
}
