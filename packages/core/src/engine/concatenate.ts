import { isUploadError, UploadError } from '../model/error.ts'
import { storeCan } from '../ports/store.ts'
import type { UploadInfo } from '../model/upload.ts'
import { isFull } from '../model/upload.ts'
import { findAuthorized } from './find-authorized.ts'
import type { Caller } from './commands.ts'
import { assertAllowedLength, tooLarge } from './length-limits.ts'
import { atOnce } from './with-lease.ts'
import type { Ports, Session } from './ports.ts'

/**
 * Finds the parts that a client wants to join. Refuses parts that do not exist, that belong to another
 * owner, or that are not partial uploads. A part may occur several times (tus 1.0, concatenation).
 */
export async function partsOf<Context>(
  ports: Ports<Context>,
  ids: readonly string[],
  caller: Caller<Context>,
): Promise<UploadInfo[]> {
  const found = new Map<string, UploadInfo>()
  for (const [index, id] of ids.entries()) {
    if (!found.has(id)) found.set(id, await partAt(ports, index, id, caller))
  }
  return ids.flatMap((id) => found.get(id) ?? [])
}

async function partAt<Context>(
  ports: Ports<Context>,
  index: number,
  id: string,
  caller: Caller<Context>,
): Promise<UploadInfo> {
  const part = await findAuthorized(ports, 'concatenate', id, caller).catch((error: unknown) => {
    if (!isUploadError(error) || error.code === 'unauthenticated') throw error
    throw new UploadError('invalid_part', `part ${index + 1} cannot be joined: ${error.message}`)
  })
  if (part.concatenation?.kind !== 'partial') {
    throw new UploadError('invalid_part', `part ${index + 1} was not created as a partial upload`)
  }
  return part
}

/** The total length of the parts in bytes; null as long as one of them has no length. */
export function lengthOf(parts: readonly UploadInfo[]): number | null {
  let total = 0
  for (const part of parts) {
    if (part.length === null) return null
    total += part.length
    if (!Number.isSafeInteger(total)) throw tooLarge(Number.MAX_SAFE_INTEGER)
  }
  return total
}

/** True for a final upload whose parts have not been joined yet. */
export function isUnassembled(upload: UploadInfo): boolean {
  return upload.concatenation?.kind === 'final' && upload.outcome === null && !isFull(upload)
}

/**
 * True if `assemble` can change a final upload: join its parts, record their total length, or reject it
 * because a part was removed. Otherwise there is no reason to acquire a lease.
 */
export async function canAssemble<Context>(
  ports: Ports<Context>,
  upload: UploadInfo,
): Promise<boolean> {
  const parts = await storedParts(ports, upload)
  if (!storeCan(ports.store, 'concatenate')) return false
  if (parts === null) return true
  return parts.every(isFull) || (upload.length === null && lengthOf(parts) !== null)
}

/**
 * Joins the parts of a final upload if all of them are complete, and returns it with the result. Each
 * attempt starts with an empty file, so another attempt repairs what a crash left. A final upload with a
 * part that was removed can never be complete: it is rejected.
 */
export async function assemble<Context>(
  { ports, lease }: Pick<Session<Context>, 'ports' | 'lease'>,
  upload: UploadInfo,
): Promise<UploadInfo> {
  const { store } = ports
  if (!isUnassembled(upload) || upload.concatenation?.kind !== 'final') return upload
  if (!storeCan(store, 'concatenate')) return upload
  const ids = upload.concatenation.parts
  const parts = await storedParts(ports, upload)
  if (parts === null) return rejectHopeless({ ports, lease }, upload)

  const length = upload.length ?? lengthOf(parts)
  if (upload.length === null && length !== null) {
    assertAllowedLength(ports.capabilities, length, upload)
    await store.declareLength?.(upload.id, length, lease.token)
  }
  if (!parts.every(isFull)) return { ...upload, length }
  try {
    const offset = await store.concatenate(upload.id, ids, lease.token)
    return { ...upload, length, offset, updatedAt: new Date() }
  } catch (error) {
    // A part may be removed at any moment: parts are joined without their leases.
    if ((await storedParts(ports, upload)) === null) {
      return rejectHopeless({ ports, lease }, upload)
    }
    throw error
  }
}

/** Rejects a final upload that can never be complete. */
async function rejectHopeless<Context>(
  { ports, lease }: Pick<Session<Context>, 'ports' | 'lease'>,
  upload: UploadInfo,
): Promise<UploadInfo> {
  const message = 'a part was removed before the parts were joined'
  const outcome = { kind: 'rejected', message } as const
  await ports.store.finish(upload.id, outcome, lease.token)
  const rejected = { ...upload, outcome, updatedAt: new Date() }
  ports.waiting.drop(rejected)
  ports.emit({ type: 'rejected', upload: rejected })
  return rejected
}

/** The parts of a final upload; null when one of them does not exist. */
async function storedParts<Context>(
  { store }: Ports<Context>,
  upload: UploadInfo,
): Promise<UploadInfo[] | null> {
  if (upload.concatenation?.kind !== 'final') return null
  const parts: UploadInfo[] = []
  // One after the other: there may be thousands of parts, and a store cannot open that many files at once.
  for (const id of upload.concatenation.parts) {
    const part = await store.find(id)
    if (part === null) return null
    parts.push(part)
  }
  return parts
}

/** Removes the parts of a final upload that has its outcome, if `keepParts` is false. */
export async function discardParts<Context>(
  ports: Ports<Context>,
  upload: UploadInfo,
): Promise<void> {
  if (ports.limits.keepParts || upload.concatenation?.kind !== 'final') return
  for (const id of new Set(upload.concatenation.parts)) {
    // If a part is in use or cannot be removed, it stays until it expires. The final upload does not need it.
    await discardPart(ports, id).catch((error: unknown) => {
      if (!isUploadError(error)) ports.emit({ type: 'failed', id, error })
    })
  }
}

async function discardPart<Context>({ store, locker }: Ports<Context>, id: string): Promise<void> {
  if ((await store.find(id)) === null) return
  const request = atOnce(true)
  await locker.withLease(id, request, async (lease) => store.remove?.(id, lease.token))
}
