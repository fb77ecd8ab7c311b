import { isUploadError, UploadError } from '../model/error.ts'
import type { LeaseRequest } from '../ports/locker.ts'
import type { Caller } from './commands.ts'
import type { Ports, Session } from './ports.ts'
import { clientGone } from './stop-body.ts'

/** A request for a lease that does not wait. */
export function atOnce(isForRemoval: boolean): LeaseRequest {
  return new RequestAtOnce(isForRemoval)
}

/**
 * Each request has its own signal: a locker over a network adds a listener to it, and hosts report many listeners on
 * one signal as a leak. Most lockers do not look at it, so it is made on demand.
 */
class RequestAtOnce implements LeaseRequest {
  readonly ask = 'nothing'
  readonly isForRemoval: boolean
  #signal: AbortSignal | null = null

  constructor(isForRemoval: boolean) {
    this.isForRemoval = isForRemoval
  }

  get signal(): AbortSignal {
    return (this.#signal ??= new AbortController().signal)
  }
}

/** How an operation acquires a lease. */
export interface LeaseOptions {
  readonly ask: Exclude<LeaseRequest['ask'], 'nothing'>
  readonly isForRemoval?: boolean
}

/**
 * Acquires the lease of an upload and runs `task` under it. Waits for the lease for up to `lockTimeout`.
 *
 * The caller must have found the upload and authorized the request before. So a refused request acquires no
 * lease, writes nothing and disturbs no holder. The task must find the upload again, because it may have
 * changed meanwhile. `hasWaited` is true if another request held the lease.
 */
export async function withLease<Context, Result>(
  ports: Ports<Context>,
  id: string,
  caller: Caller<Context>,
  { ask, isForRemoval = false }: LeaseOptions,
  task: (session: Session<Context>, hasWaited: boolean) => Promise<Result>,
): Promise<Result> {
  if (caller.signal?.aborted === true) throw clientGone()
  let hasLease = false
  try {
    const request = atOnce(isForRemoval)
    return await ports.locker.withLease(id, request, (lease) => {
      hasLease = true
      return task({ ports, lease, caller }, false)
    })
  } catch (error) {
    if (hasLease || !(isUploadError(error) && error.code === 'busy')) throw error
  }
  const patience = startPatience(ports.limits.lockTimeout, caller.signal)
  try {
    const request = { signal: patience.signal, ask, isForRemoval }
    return await ports.locker.withLease(id, request, (lease) => {
      patience.end()
      return task({ ports, lease, caller }, true)
    })
  } finally {
    patience.end()
  }
}

/** A signal that aborts when the request should stop waiting. */
function startPatience(
  timeout: number,
  gone: AbortSignal | null,
): { signal: AbortSignal; end(): void } {
  const controller = new AbortController()
  const leave = (): void => controller.abort(clientGone())
  const timer = setTimeout(() => {
    controller.abort(new UploadError('busy', 'the upload is in use, try again'))
  }, timeout)
  if (gone?.aborted === true) leave()
  gone?.addEventListener('abort', leave)
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer)
      gone?.removeEventListener('abort', leave)
    },
  }
}
