import { isUploadError, UploadError } from '../model/error.ts'
import type { UploadAction } from '../ports/hooks.ts'
import type { NewUpload, UploadInfo } from '../model/upload.ts'
import { isUploadId } from '../model/upload.ts'
import type { Caller } from './commands.ts'
import { isExpired } from './expiry.ts'
import type { Ports, Session } from './ports.ts'
import { atOnce } from './with-lease.ts'

/** Finds an upload and checks that the caller may use it for `action`. Acquires no lease. */
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
    throw new UploadError('expired', 'the upload was incomplete for too long, create it again')
  }
  return upload
}

/**
 * Finds an upload again, under its lease. The request was authorized before it had the lease. It is
 * authorized again only if it waited, or if another upload was created with the same id meanwhile.
 */
export async function findAgain<Context>(
  { ports, lease, caller }: Session<Context>,
  action: UploadAction,
  known: UploadInfo,
  hasWaited: boolean,
): Promise<UploadInfo> {
  if (hasWaited) return findAuthorized(ports, action, known.id, caller)
  const upload = await ports.store.find(known.id, { lease })
  if (upload === null) throw unknown()
  if (upload.createdAt.getTime() === known.createdAt.getTime() && upload.owner === known.owner) {
    return upload
  }
  return findAuthorized(ports, action, known.id, caller)
}

/**
 * True if a request holds the lease of an upload. Bytes with a checksum are committed only after all of them
 * are verified, so the store does not show that they arrive. The lease of this check writes nothing.
 */
async function isInUse<Context>({ locker }: Ports<Context>, id: string): Promise<boolean> {
  try {
    return await locker.withLease(id, atOnce(true), () => Promise.resolve(false))
  } catch (error) {
    if (isUploadError(error) && error.code === 'busy') return true
    throw error
  }
}

/** Refuses text that is not a valid id, because stores and lockers use ids in file names and keys. */
export function assertId(id: string): void {
  if (!isUploadId(id)) throw unknown()
}

function unknown(): UploadError {
  return new UploadError('not_found', 'there is no such upload')
}

/**
 * Calls the `authorize` hook, then refuses a caller that is not the owner of the upload. The hook can allow
 * the operation to a caller that is not the owner. Null if there is nothing to ask: small requests pass
 * through here several times, and each promise costs time.
 */
export function authorize<Context>(
  ports: Ports<Context>,
  action: UploadAction,
  upload: NewUpload | UploadInfo,
  caller: Caller<Context>,
): Promise<void> | null {
  const isFree = upload.owner === null || caller.context === null
  if (isFree && ports.hooks.authorize === undefined) return null
  return askForPermission(ports, action, upload, caller)
}

async function askForPermission<Context>(
  ports: Ports<Context>,
  action: UploadAction,
  upload: NewUpload | UploadInfo,
  caller: Caller<Context>,
): Promise<void> {
  const isOwner = await isOwnedBy(ports, upload, caller)
  const result: unknown = await ports.hooks.authorize?.(action, upload, caller)
  if (result === 'allow') return
  // For example `false`, with which a hook written in JavaScript may mean to refuse.
  if (result !== undefined) throw new TypeError("`authorize` must return nothing or 'allow'")
  if (!isOwner) throw new UploadError('forbidden', 'the upload belongs to another user')
}

/** True if the upload has no owner, if the caller is its owner, or if the server acts by itself. */
async function isOwnedBy<Context>(
  { hooks }: Ports<Context>,
  { owner }: NewUpload,
  { context }: Caller<Context>,
): Promise<boolean> {
  if (owner === null || context === null) return true
  return (await hooks.identify?.(context)) === owner
}
