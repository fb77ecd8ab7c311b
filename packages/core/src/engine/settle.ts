import { isUploadError } from '../model/error.ts'
import { withLowerCaseNames } from '../model/http.ts'
import type { FinalResponse, Outcome, UploadDigest, UploadInfo } from '../model/upload.ts'
import { isFull, lacksOutcome } from '../model/upload.ts'
import { authorize } from './find-authorized.ts'
import { discardParts } from './concatenate.ts'
import type { Caller, Completion } from './commands.ts'
import type { Ports, Session } from './ports.ts'

/**
 * Completes an upload that has all its bytes: runs `onComplete` and records the outcome. Only this function
 * does so. It runs under the lease, after each append and when a request or a sweep finds an upload that has
 * all its bytes. So the next request or sweep completes an upload whose process died after the last byte.
 *
 * The length must have been declared before the client completes the upload.
 */
export async function settle<Context>(
  { ports, lease, caller }: Session<Context>,
  upload: UploadInfo,
  completion: Completion = 'later',
): Promise<UploadInfo> {
  if (upload.outcome !== null || !isDue(upload, completion)) return upload
  await authorize(ports, 'complete', upload, caller)

  const outcome = plainOutcome(ports, upload) ?? (await decide(ports, upload, caller))
  await ports.store.finish(upload.id, outcome, lease.token)
  return conclude(ports, { ...upload, outcome, updatedAt: new Date() })
}

/** Reports that the outcome of an upload is recorded, and does what follows from it. */
export async function conclude<Context>(
  ports: Ports<Context>,
  ended: UploadInfo,
): Promise<UploadInfo> {
  ports.emit({
    type: ended.outcome?.kind === 'rejected' ? 'rejected' : 'completed',
    upload: ended,
  })
  if (isPartial(ended)) {
    ports.waiting.partCompleted(ended.id)
  } else {
    ports.waiting.drop(ended)
    await discardParts(ports, ended)
  }
  return ended
}

/** The outcome of a full upload about which neither a hook nor a digest decides; null for any other. */
export function plainOutcome<Context>(
  { hooks, digests }: Ports<Context>,
  upload: UploadInfo,
): Outcome | null {
  // The hook runs for the final upload, not for its parts.
  const isPlain = isPartial(upload) || (hooks.onComplete === undefined && digests === null)
  return isPlain ? ACCEPTED : null
}

/**
 * The outcome that the store may record with the last byte of an upload, since nothing can change it: neither a hook
 * nor a digest decides about it. Null if the outcome is known only afterwards.
 */
export function outcomeAtEnd<Context>(
  ports: Ports<Context>,
  upload: UploadInfo,
  completion: Completion,
): Outcome | null {
  if (completion === 'later' || ports.hooks.authorize !== undefined) return null
  return plainOutcome(ports, upload)
}

function isPartial({ concatenation }: UploadInfo): boolean {
  return concatenation?.kind === 'partial'
}

/** True if the upload can get its outcome now. With `later`, its client must not have to complete it. */
function isDue(upload: UploadInfo, completion: Completion): boolean {
  return completion === 'later' ? lacksOutcome(upload) : isFull(upload)
}

const ACCEPTED: Outcome = { kind: 'accepted', location: null, response: null }

async function decide<Context>(
  ports: Ports<Context>,
  upload: UploadInfo,
  caller: Caller<Context>,
): Promise<Outcome> {
  try {
    const digest = await digestOf(ports, upload, caller)
    const result = (await ports.hooks.onComplete?.(upload, caller, digest)) ?? {}
    const { location = null, response = null, keepBytes = true } = result
    const status = response?.status ?? 204
    const last = upload.completion === 'explicit' ? 499 : 299
    if (status < 200 || status > last) {
      throw new Error(
        `onComplete returned the status ${status}; throw an UploadError to refuse an upload`,
      )
    }
    return {
      kind: 'accepted',
      location,
      response: lowerCased(response),
      ...(digest && { digest }),
      ...(keepBytes ? {} : { keepBytes }),
    }
  } catch (error) {
    if (!isUploadError(error) || error.code !== 'rejected') throw error
    return { kind: 'rejected', message: error.message }
  }
}

async function digestOf<Context>(
  { digests }: Ports<Context>,
  upload: UploadInfo,
  caller: Caller<Context>,
): Promise<UploadDigest | null> {
  if (digests === null) return null
  const digest = await digests.of(upload)
  digests.compare(upload, digest, caller)
  return digest
}

/** The protocol sets its own fields after those of the application, under lower-case names. */
function lowerCased(response: FinalResponse | null): FinalResponse | null {
  if (response?.headers === undefined) return response
  return { ...response, headers: withLowerCaseNames(response.headers) }
}
