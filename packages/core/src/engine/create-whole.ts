import { UploadError } from '../model/error.ts'
import type { NewUpload, UploadInfo } from '../model/upload.ts'
import { emptyUpload } from '../model/upload.ts'
import type { UploadStore } from '../ports/store.ts'
import type { Caller, CreateCommand, Incoming } from './commands.ts'
import { authorize } from './find-authorized.ts'
import { tooLarge } from './length-limits.ts'
import { meter } from './metered-body.ts'
import type { Ports } from './ports.ts'
import { reportProgress } from './progress.ts'
import { assertNotRejected } from './rejection.ts'
import { conclude, plainOutcome, settle } from './settle.ts'
import { clientGone, watch } from './stop-body.ts'
import { withLease } from './with-lease.ts'

/** The most bytes of an upload that is created in one step. They are in memory until all have arrived. */
const SMALL = 64 * 1024

type WholeCreation = NonNullable<UploadStore['createWhole']>

/**
 * The method of the store that creates this upload in one step. Null if the upload must be created first: it
 * is long, another request will complete it, its client should know its URL early, or its bytes are verified.
 */
export function wholeCreation<Context>(
  { store }: Ports<Context>,
  { length, body, concatenation, completion, announce }: CreateCommand,
): WholeCreation | null {
  if (announce !== null || completion === 'later' || concatenation?.kind === 'final') return null
  if (length === null || length > SMALL || store.createWhole === undefined) return null
  const isWhole = body === null ? length === 0 : body.length === length && body.checksum === null
  return isWhole ? (upload, content) => store.createWhole?.(upload, content) ?? taken() : null
}

const taken = (): Promise<boolean> => Promise.resolve(false)

/**
 * Creates an upload in one step, once all its bytes have arrived. A client whose request fails does not know
 * the URL of its upload, so nothing is kept of it.
 */
export async function createWhole<Context>(
  ports: Ports<Context>,
  upload: NewUpload & { readonly length: number },
  body: Incoming | null,
  create: WholeCreation,
  caller: Caller<Context>,
): Promise<UploadInfo> {
  const { length: offset } = upload
  const empty = emptyUpload(upload)
  const followed = await ports.digests?.follow(empty)
  const chunks = body === null ? [] : await collect(ports, body, offset, caller)
  for (const chunk of chunks) followed?.update(chunk)
  const full = { ...empty, offset, updatedAt: new Date() }
  const outcome = plainOutcome(ports, full)
  if (outcome !== null) await authorize(ports, 'complete', full, caller)
  if (!(await create(upload, { chunks, outcome }))) throw idTaken(upload.id)
  followed?.reached(offset)

  ports.emit({ type: 'created', upload: empty })
  reportProgress(ports.emit, empty).last(offset)
  if (outcome !== null) return conclude(ports, { ...full, outcome })
  return withLease(ports, upload.id, caller, { ask: 'yield' }, async (session) => {
    const settled = await settle(session, full, 'at_length')
    assertNotRejected(settled)
    return settled
  })
}

/** The error for a new upload whose id another upload has. */
export function idTaken(id: string): UploadError {
  return new UploadError('id_taken', `an upload with the id ${id} exists already`)
}

/** Receives a whole body, or throws. */
async function collect<Context>(
  { closing, limits }: Ports<Context>,
  { bytes }: Incoming,
  length: number,
  caller: Caller<Context>,
): Promise<readonly Uint8Array[]> {
  let unwatch = (): void => {}
  const body = meter(bytes, {
    limit: length,
    onTime() {
      unwatch = watch(body, { lease: null, closing, gone: caller.signal, limits })
    },
  })
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of body) chunks.push(chunk)
  } finally {
    unwatch()
  }
  if (body.end === 'over_limit') throw tooLarge(length)
  if (body.count === length) return chunks
  throw body.end === 'stopped' ? body.reason : clientGone()
}
