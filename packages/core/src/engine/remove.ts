import { UploadError } from '../model/error.ts'
import type { UploadInfo } from '../model/upload.ts'
import { access } from './find-authorized.ts'
import type { Caller } from './commands.ts'
import { withLease } from './with-lease.ts'
import type { Ports } from './ports.ts'

/** Removes an upload, ending whatever is being done with it. */
export async function remove<Context>(
  ports: Ports<Context>,
  id: string,
  caller: Caller<Context>,
): Promise<void> {
  if (!ports.capabilities.terminate) {
    throw new UploadError('unsupported_method', 'uploads cannot be removed here')
  }
  const find = (): Promise<UploadInfo> => access(ports, 'remove', id, caller)
  await withLease(ports, id, caller, { ask: 'stop', beforeAsking: find }, async (lease) => {
    const upload = await find()
    await ports.store.remove?.(id, lease.token)
    ports.waiting.drop(upload)
  })
  ports.emit({ type: 'removed', id, reason: 'terminated' })
}
