import { isUploadError, UploadError } from '../model/error.ts'
import type { UploadAction } from '../ports/hooks.ts'
import type { NewUpload, UploadInfo } from '../model/upload.ts'
import { isUploadId } from '../model/upload.ts'
import type { Caller } from './commands.ts'
import { isExpired } from './expiry.ts'
import type { Ports, Session } from './ports.ts'

/** Finds an upload that the caller may use for `action`, without taking its lease. */
export async function findAuthorized<Context>(
  ports: Ports<Context>,
  action: UploadAction,
  id: string,
  caller: Caller<Context>,
): Promise<UploadInfo> {
  assertId(id)
  const upload = await ports.store.find(id)
  if (upload === null) throw unknown()
  await authorize(ports, action, upload, caller)
  if (isExpired(ports.limits, upload) && !(await isInUse(ports, id))) {
    throw new UploadError('expired', 'the upload was left unfinished for too long, create it anew')
  }
  return upload
}

/**
 * Finds an upload again, under its lease. The request was authorized before it had the lease, which is
 * enough unless it had to wait, or another upload was created with the same id meanwhile.
 */
export async function findAgain<Context>(
  { ports, caller }: Session<Context>,
  action: UploadAction,
  known: UploadInfo,
  hasWaited: boolean,
): Promise<UploadInfo> {
  if (hasWaited) return findAuthorized(ports, action, known.id, caller)
  const upload = await ports.store.find(known.id)
  if (upload === null) throw unknown()
  if (upload.createdAt.getTime() === known.createdAt.getTime() && upload.owner === known.owner) {
    return upload
  }
  return findAuthorized(ports, action, known.id, caller)
}

/**
 * True if a request holds the lease of an upload. Bytes with a checksum count only once all of them are
 * verified, so the store does not show that they arrive. The lease of the probe writes nothing.
 */
async function isInUse<Context>({ locker }: Ports<Context>, id: string): Promise<boolean> {
  const signal = new AbortController().signal
  const request = { signal, ask: 'nothing', isForRemoval: true } as const
  try {
    return await locker.withLease(id, request, () => Promise.resolve(false))
  } catch (error) {
    if (isUploadError(error) && error.code === 'busy') return true
    throw error
  }
}

/** Refuses what no upload is called. Stores and lockers make file names and keys of ids. */
export function assertId(id: string): void {
  if (!isUploadId(id)) throw unknown()
}

function unknown(): UploadError {
  return new UploadError('not_found', 'there is no such upload')
}

/** Refuses whoever is not the upload's owner, then asks the host. */
export async function authorize<Context>(
  ports: Ports<Context>,
  action: UploadAction,
  upload: NewUpload | UploadInfo,
  caller: Caller<Context>,
): Promise<void> {
  if (upload.owner !== null && caller.context !== null) {
    const name = await ports.hooks.identify?.(caller.context)
    if (name !== upload.owner) {
      throw new UploadError('forbidden', 'the upload belongs to somebody else')
    }
  }
  await ports.hooks.authorize?.(action, upload, caller.context)
}
