import type { UploadAction } from '../ports/hooks.ts'
import type { UploadInfo } from '../model/upload.ts'
import { isFull, lacksOutcome } from '../model/upload.ts'
import { access } from './find-authorized.ts'
import type { Caller, Completion } from './commands.ts'
import { assemble, isUnassembled } from './concatenate.ts'
import { withLease } from './with-lease.ts'
import type { Ports } from './ports.ts'
import { assertNotRejected } from './rejection.ts'
import { settle } from './settle.ts'

/** What a look is for. */
export interface InspectOptions {
  readonly action?: Extract<UploadAction, 'inspect' | 'read'>
  /** With `at_length` a full upload is completed even if its client has not said that it is complete. */
  readonly completion?: Exclude<Completion, 'with_body'>
}

/**
 * Looks at an upload. Takes no lease, so that a look neither waits nor disturbs anybody, unless it
 * finds an upload that could have an outcome but has none: that it brings to its end first.
 */
export async function inspect<Context>(
  ports: Ports<Context>,
  id: string,
  caller: Caller<Context>,
  { action = 'inspect', completion = 'later' }: InspectOptions = {},
): Promise<UploadInfo> {
  const find = (): Promise<UploadInfo> => access(ports, action, id, caller)
  const found = await find()
  const upload = canEnd(found, completion)
    ? await withLease(ports, id, caller, { ask: 'yield', beforeAsking: find }, async (lease) =>
        settle(ports, await assemble(ports, await find(), lease), lease, caller, completion),
      )
    : found
  if (action === 'read') assertNotRejected(upload)
  return upload
}

function canEnd(upload: UploadInfo, completion: Completion): boolean {
  const full = completion === 'at_length' ? isFull(upload) : lacksOutcome(upload)
  return (full && upload.outcome === null) || isUnassembled(upload)
}
