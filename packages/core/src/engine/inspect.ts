import type { UploadAction } from '../ports/hooks.ts'
import type { UploadInfo } from '../model/upload.ts'
import { isFull, lacksOutcome } from '../model/upload.ts'
import { authorize, findAgain, findAuthorized } from './find-authorized.ts'
import type { Caller, Completion } from './commands.ts'
import { assemble, canAssemble, isUnassembled } from './concatenate.ts'
import { withLease } from './with-lease.ts'
import type { Ports } from './ports.ts'
import { assertNotRejected } from './rejection.ts'
import { settle } from './settle.ts'

/** How to look at an upload. */
export interface InspectOptions {
  readonly action?: Extract<UploadAction, 'inspect' | 'read'>
  /** With `at_length`, completes an upload that has all its bytes, even if its client has not. */
  readonly completion?: Exclude<Completion, 'with_body'>
}

/**
 * Returns an upload. Acquires no lease, so it neither waits for a writer nor disturbs one. But if the upload
 * can get its outcome now, it completes the upload first, under its lease.
 */
export async function inspect<Context>(
  ports: Ports<Context>,
  id: string,
  caller: Caller<Context>,
  { action = 'inspect', completion = 'later' }: InspectOptions = {},
): Promise<UploadInfo> {
  const found = await findAuthorized(ports, action, id, caller)
  const isDue = isUnassembled(found) ? await canAssemble(ports, found) : canEnd(found, completion)
  const upload = isDue ? await complete(ports, found, caller, { action, completion }) : found
  if (action === 'read') assertNotRejected(upload)
  return upload
}

async function complete<Context>(
  ports: Ports<Context>,
  found: UploadInfo,
  caller: Caller<Context>,
  { action, completion }: Required<InspectOptions>,
): Promise<UploadInfo> {
  // `settle` authorizes this as well, but only under the lease. A refused request must not acquire one.
  await authorize(ports, 'complete', found, caller)
  return withLease(ports, found.id, caller, { ask: 'yield' }, async (session, hasWaited) => {
    const upload = await findAgain(session, action, found, hasWaited)
    return settle(session, await assemble(session, upload), completion)
  })
}

function canEnd(upload: UploadInfo, completion: Completion): boolean {
  const full = completion === 'at_length' ? isFull(upload) : lacksOutcome(upload)
  return full && upload.outcome === null
}
