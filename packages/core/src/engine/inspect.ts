import type { UploadAction } from '../ports/hooks.ts'
import type { UploadInfo } from '../model/upload.ts'
import { isFull } from '../model/upload.ts'
import { access } from './find-authorized.ts'
import type { Caller } from './commands.ts'
import { assemble, isUnassembled } from './concatenate.ts'
import { withLease } from './with-lease.ts'
import type { Ports } from './ports.ts'
import { assertNotRejected } from './rejection.ts'
import { settle } from './settle.ts'

/**
 * Looks at an upload. Takes no lease, so that a look neither waits nor disturbs anybody, unless it
 * finds an upload that could have an outcome but has none: that it brings to its end first.
 */
export async function inspect<Context>(
  ports: Ports<Context>,
  id: string,
  caller: Caller<Context>,
  action: Extract<UploadAction, 'inspect' | 'read'> = 'inspect',
): Promise<UploadInfo> {
  const find = (): Promise<UploadInfo> => access(ports, action, id, caller)
  const found = await find()
  const upload = lacksOutcome(found)
    ? await withLease(ports, id, caller, { ask: 'yield', beforeAsking: find }, async (lease) =>
        settle(ports, await assemble(ports, await find(), lease), lease, caller),
      )
    : found
  assertNotRejected(upload)
  return upload
}

function lacksOutcome(upload: UploadInfo): boolean {
  return (isFull(upload) && upload.outcome === null) || isUnassembled(upload)
}
