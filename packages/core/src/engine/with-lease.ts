import { isUploadError, UploadError } from '../model/error.ts'
import type { Lease, LeaseRequest } from '../ports/locker.ts'
import { assertId } from './find-authorized.ts'
import type { Caller } from './commands.ts'
import type { Ports } from './ports.ts'
import { clientGone } from './stop-body.ts'

/**
 * For a request that does not wait, and so need not be told to stop waiting. One for each: a locker over
 * a network listens to it, and many listeners on one signal are taken for a leak.
 */
export function never(): AbortSignal {
  return new AbortController().signal
}

/**
 * Runs `task` with the upload's lease, waiting for it as long as `lockTimeout`.
 *
 * A free lease is taken at once. Before a holder is disturbed, `beforeAsking` may refuse the request:
 * a caller without the right, or at the wrong offset, has no business interrupting anybody.
 */
export async function withLease<Context, Result>(
  ports: Ports<Context>,
  id: string,
  caller: Caller<Context>,
  options: {
    readonly ask: LeaseRequest['ask']
    readonly beforeAsking: () => Promise<unknown>
  },
  task: (lease: Lease) => Promise<Result>,
): Promise<Result> {
  assertId(id)
  if (caller.signal?.aborted === true) throw clientGone()
  let entered = false
  try {
    return await ports.locker.withLease(id, { signal: never(), ask: 'nothing' }, (lease) => {
      entered = true
      return task(lease)
    })
  } catch (error) {
    if (entered || !(isUploadError(error) && error.code === 'busy')) throw error
  }
  await options.beforeAsking()
  const patience = startPatience(ports.limits.lockTimeout, caller.signal)
  try {
    return await ports.locker.withLease(
      id,
      { signal: patience.signal, ask: options.ask },
      (lease) => {
        patience.end()
        return task(lease)
      },
    )
  } finally {
    patience.end()
  }
}

/** A signal that aborts when waiting has become pointless. */
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
