import { UploadError } from '../model/error.ts'
import type { Lease } from '../ports/locker.ts'
import type { MeteredBody } from './metered-body.ts'
import { leaving } from './shutdown.ts'
import type { Closing, Limits } from './ports.ts'

/**
 * How long a wanted lease is kept without a byte from its client. Long enough that a client that is
 * still sending shows it, short enough that a resume need not wait for one that is gone.
 */
const GRACE = 250

/** What may end a body before its time. */
export interface Reasons {
  readonly lease: Lease
  readonly closing: Closing
  /** Aborts when the client is gone. */
  readonly gone: AbortSignal | null
  readonly limits: Limits
}

/** Ends `body` when a reason comes up. Returns the function that stops watching. */
export function watch(body: MeteredBody, { lease, closing, gone, limits }: Reasons): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined

  /** Ends the body once its client has paused for `pause`; asks again as long as it has not. */
  function endWhenIdle(pause: number, reason: () => UploadError): void {
    clearTimeout(timer)
    const left = pause - body.idleFor()
    if (left <= 0) body.stop(reason())
    else timer = setTimeout(endWhenIdle, Math.ceil(left), pause, reason)
  }

  const onWanted = (): void => endWhenIdle(Math.min(GRACE, limits.idleTimeout), overtaken)
  const onEnded = (): void => body.stop(lease.ended.reason)
  const onGone = (): void => body.stop(clientGone())
  const listeners = [
    [lease.wanted, onWanted],
    [lease.ended, onEnded],
    [gone, onGone],
  ] as const
  const forget = closing.onBegin(() => body.stop(leaving()))

  endWhenIdle(limits.idleTimeout, stalled)
  for (const [signal, listener] of listeners) {
    if (signal?.aborted === true) listener()
    else signal?.addEventListener('abort', listener)
  }
  return () => {
    clearTimeout(timer)
    forget()
    for (const [signal, listener] of listeners) signal?.removeEventListener('abort', listener)
  }
}

/** What a client would hear that can hear nothing any more. It is not a failure of anything here. */
export function clientGone(): UploadError {
  return new UploadError('interrupted', 'the client went away')
}

function overtaken(): UploadError {
  return new UploadError('interrupted', 'another request took this upload over, ask for its offset')
}

function stalled(): UploadError {
  return new UploadError('interrupted', 'no bytes came for too long, ask for the offset and go on')
}
