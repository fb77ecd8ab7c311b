import { UploadError } from '../model/error.ts'
import { findAgain, findAuthorized } from './find-authorized.ts'
import type { Caller } from './commands.ts'
import { withLease } from './with-lease.ts'
import type { Ports } from './ports.ts'

/** Stops the request that holds the lease of an upload, and removes the upload. */
export async function remove<Context>(
  ports: Ports<Context>,
  id: string,
  caller: Caller<Context>,
): Promise<void> {
  if (!ports.capabilities.terminate) {
    throw new UploadError('unsupported_method', 'this server does not remove uploads on request')
  }
  const found = await findAuthorized(ports, 'remove', id, caller)
  const options = { ask: 'stop', isForRemoval: true } as const
  await withLease(ports, id, caller, options, async (session, hasWaited) => {
    const upload = await findAgain(session, 'remove', found, hasWaited)
    await ports.store.remove?.(id, session.lease.token)
    ports.waiting.drop(upload)
  })
  ports.emit({ type: 'removed', id, reason: 'terminated' })
}
