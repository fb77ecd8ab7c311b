import { isUploadError, UploadError } from '../model/error.ts'
import type { Lease } from '../ports/locker.ts'
import { storeCan } from '../ports/store.ts'
import type { UploadInfo } from '../model/upload.ts'
import { isFull } from '../model/upload.ts'
import { access } from './find-authorized.ts'
import type { Caller } from './commands.ts'
import { assertAllowedLength, tooLarge } from './length-limits.ts'
import { never } from './with-lease.ts'
import type { Ports } from './ports.ts'

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
  const part = await access(ports, 'concatenate', id, caller).catch((error: unknown) => {
    if (!isUploadError(error) || error.code === 'unauthenticated') throw error
    throw new UploadError('invalid_part', `part ${index + 1} cannot be joined: ${error.message}`)
  })
  if (part.concatenation?.kind !== 'partial') {
    throw new UploadError('invalid_part', `part ${index + 1} was not created as a partial upload`)
  }
  return part
}

/** The length of what the parts make together; null as long as one of them has none. */
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
 * Joins the parts of a final upload if all of them are whole, and returns it as it is then. Joining
 * begins from nothing each time, so a crash in the middle is made good by doing it again.
 */
export async function assemble<Context>(
  ports: Ports<Context>,
  upload: UploadInfo,
  lease: Lease,
): Promise<UploadInfo> {
  const { store } = ports
  if (!isUnassembled(upload) || upload.concatenation?.kind !== 'final') return upload
  if (!storeCan(store, 'concatenate')) return upload

  const ids = upload.concatenation.parts
  const parts: UploadInfo[] = []
  // One after the other: there may be thousands, more than a store can have open at once.
  for (const id of ids) {
    const part = await store.find(id)
    if (part === null) return upload
    parts.push(part)
  }

  const length = upload.length ?? lengthOf(parts)
  if (upload.length === null && length !== null) {
    assertAllowedLength(ports.capabilities, length)
    await store.declareLength?.(upload.id, length, lease.token)
  }
  if (!parts.every(isFull)) return { ...upload, length }
  const offset = await store.concatenate(upload.id, ids, lease.token)
  return { ...upload, length, offset, updatedAt: new Date() }
}

/** Removes the parts of a final upload that has come to its end, where that is wanted. */
export async function discardParts<Context>(
  ports: Ports<Context>,
  upload: UploadInfo,
): Promise<void> {
  if (ports.limits.keepParts || upload.concatenation?.kind !== 'final') return
  for (const id of upload.concatenation.parts) {
    await ports.locker
      .withLease(id, { signal: never(), ask: 'nothing' }, async (lease) =>
        ports.store.remove?.(id, lease.token),
      )
      // One that is in use, or fails, is left to its expiry: the final upload is complete without it.
      .catch((error: unknown) => {
        if (!isUploadError(error)) ports.emit({ type: 'failed', id, error })
      })
  }
}
