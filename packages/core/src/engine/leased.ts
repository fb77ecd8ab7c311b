import { isUploadError, UploadError } from '../error.ts'
import type { Lease, LeaseRequest } from '../locker.ts'
import type { Caller } from './commands.ts'
import type { Ports } from './ports.ts'

/**
 * Runs `task` with the upload's lease, waiting for it as long as `leaseTimeout`.
 *
 * A free lease is taken at once. Before a holder is disturbed, `beforeAsking` may refuse the request:
 * a caller without the right, or at the wrong offset, has no business interrupting anybody.
 */
export async function leased<Context, Result>(
  ports: Ports<Context>,
  id: string,
  caller: Caller<Context>,
  options: {
    readonly ask: LeaseRequest['ask']
    readonly beforeAsking: () => Promise<unknown>
  },
  task: (lease: Lease) => Promise<Result>,
): Promise<Result> {
  const patience = startPatience(ports.limits.leaseTimeout, caller.signal)
  let entered = false
  function enter(lease: Lease): Promise<Result> {
    entered = true
    patience.end()
    return task(lease)
  }
  try {
    return await ports.locker.withLease(id, { signal: patience.signal, ask: 'nothing' }, enter)
  } catch (error) {
    if (entered || !(isUploadError(error) && error.code === 'busy')) throw error
    await options.beforeAsking()
    return await ports.locker.withLease(id, { signal: patience.signal, ask: options.ask }, enter)
  } finally {
    patience.end()
  }
}

/** A signal that aborts when waiting has become pointless. */
function startPatience(timeout: number, gone: AbortSignal): { signal: AbortSignal; end(): void } {
  const controller = new AbortController()
  function leave(): void {
    controller.abort(new UploadError('interrupted', 'the client went away'))
  }
  const timer = setTimeout(() => {
    controller.abort(new UploadError('busy', 'the upload is in use, try again'))
  }, timeout)
  if (gone.aborted) leave()
  gone.addEventListener('abort', leave)
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer)
      gone.removeEventListener('abort', leave)
    },
  }
}
