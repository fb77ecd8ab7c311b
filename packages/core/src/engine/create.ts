import { isUploadError, UploadError } from '../model/error.ts'
import type { NewUpload, UploadInfo } from '../model/upload.ts'
import { emptyUpload, lacksOutcome } from '../model/upload.ts'
import type { CreateOptions } from '../ports/store.ts'
import type { HeaderFields } from '../model/http.ts'
import { authorize } from './find-authorized.ts'
import type { Draft } from './create-changes.ts'
import { applyChanges } from './create-changes.ts'
import { assertOpen } from './shutdown.ts'
import type { Caller, Completion, CreateCommand, Incoming } from './commands.ts'
import { assemble, isUnassembled, lengthOf, partsOf } from './concatenate.ts'
import { createWhole, idTaken, wholeCreation } from './create-whole.ts'
import { withLease } from './with-lease.ts'
import { withFinalLength } from './final-length.ts'
import { assertAllowedLength, beyondLimit, tooLarge } from './length-limits.ts'
import type { Ports, Session } from './ports.ts'
import { receive } from './receive-body.ts'
import { assertNotRejected } from './rejection.ts'
import { finalRequest, idOfFinal, repeatedFinal } from './repeated-final.ts'
import { settle } from './settle.ts'

/** A created upload, and the fields that the application adds to the response. */
export interface Created {
  readonly upload: UploadInfo
  readonly headers: HeaderFields
}

/** Creates an upload, and receives the bytes that came with the request or joins the parts. */
export async function create<Context>(
  ports: Ports<Context>,
  command: CreateCommand,
  caller: Caller<Context>,
): Promise<Created> {
  assertOpen(ports)
  const { body, completion, metadata } = command
  ports.assertMetadata(metadata, caller)
  const final = await finalRequest(ports, command, caller)
  const earlier = final === null ? null : await repeatedFinal(ports, final, caller)
  if (earlier !== null) return { upload: await completed(ports, earlier, caller), headers: {} }

  const length = await allowedLength(ports, command, caller)
  const known = { ...command, length }
  const draft = await draftOf(ports, known, final, caller)
  const whole = wholeCreation(ports, known)
  if (whole !== null && length !== null) {
    const upload = await createWhole(ports, { ...draft.upload, length }, body, whole, caller)
    return { upload, headers: draft.headers }
  }
  const leasedBy = body === null ? null : ports.locker
  const created = await register(ports, draft, final, caller, { leasedBy })
  // An equal request created the upload at the same time.
  if (created === null) return create(ports, command, caller)
  const { upload, headers } = created
  ports.emit({ type: 'created', upload })
  const isKnown = command.announce?.(upload) ?? false
  if (body === null && completion !== 'with_body') {
    if (!lacksOutcome(upload) && !isUnassembled(upload)) return created
  }

  // Before the parts are read, because one of them may be completed meanwhile.
  if (isUnassembled(upload)) ports.waiting.add(upload)
  return withLease(ports, upload.id, caller, { ask: 'yield' }, async (session) => {
    const grown =
      body === null
        ? await assembleFirst(session, upload)
        : await receiveFirst(session, upload, { body, completion, isKnown })
    const settled = await settle(session, grown, completion)
    assertNotRejected(settled)
    return { upload: settled, headers }
  })
}

/** Returns a final upload that an earlier request created. Completes it if its parts are complete. */
async function completed<Context>(
  ports: Ports<Context>,
  upload: UploadInfo,
  caller: Caller<Context>,
): Promise<UploadInfo> {
  if (!lacksOutcome(upload) && !isUnassembled(upload)) return upload
  return withLease(ports, upload.id, caller, { ask: 'yield' }, async (session) => {
    const found = (await ports.store.find(upload.id)) ?? upload
    const settled = await settle(session, await assemble(session, found))
    assertNotRejected(settled)
    return settled
  })
}

/** Undoes the creation of a final upload if one of its parts was removed meanwhile. */
async function assembleFirst<Context>(
  session: Session<Context>,
  upload: UploadInfo,
): Promise<UploadInfo> {
  const { ports, lease } = session
  const assembled = await assemble(session, upload)
  if (assembled.outcome?.kind !== 'rejected') return assembled
  await ports.store.remove?.(upload.id, lease.token)
  ports.emit({ type: 'removed', id: upload.id, reason: 'terminated' })
  throw new UploadError('invalid_part', assembled.outcome.message)
}

/** Refuses bytes that do not fit before it creates the upload, because an error response has no URL. */
async function allowedLength<Context>(
  ports: Ports<Context>,
  { length, body, concatenation, completion }: CreateCommand,
  caller: Caller<Context>,
): Promise<number | null> {
  const { capabilities } = ports
  if (concatenation?.kind === 'final') {
    await ports.finals.assertRoom(concatenation.parts, (id) => ports.store.find(id))
    const joined = lengthOf(await partsOf(ports, concatenation.parts, caller))
    if (joined !== null) assertAllowedLength(capabilities, joined)
    return joined
  }
  assertAllowedLength(capabilities, length)
  const limit = length ?? capabilities.maxLength
  const coming = body?.length ?? null
  if (limit !== null && coming !== null && coming > limit) {
    throw length === null ? beyondLimit(limit) : exceeding(length, completion)
  }
  return length
}

/** The error for content that is longer than its upload. */
function exceeding(length: number, completion: Completion): UploadError {
  if (completion === 'at_length') return tooLarge(length)
  return new UploadError('length_exceeded', `the content is longer than ${length} bytes`)
}

/**
 * Receives the first bytes. Removes the upload if they are refused, or are not the whole upload as announced,
 * and the client does not know its URL, because an error response has no URL.
 */
async function receiveFirst<Context>(
  session: Session<Context>,
  upload: UploadInfo,
  first: { readonly body: Incoming; readonly completion: Completion; readonly isKnown: boolean },
): Promise<UploadInfo> {
  const { ports, lease } = session
  try {
    return await withFinalLength(session, await receive(session, upload, first), first)
  } catch (error) {
    const isContradiction = isUploadError(error) && error.code === 'length_exceeded'
    if (first.isKnown && !isContradiction) throw error
    await ports.store.remove?.(upload.id, lease.token)
    ports.emit({ type: 'removed', id: upload.id, reason: 'terminated' })
    throw error
  }
}

/** Creates the upload in the store. Null if an equal request has just created the same final upload. */
async function register<Context>(
  ports: Ports<Context>,
  { upload: draft, headers }: Draft,
  final: string | null,
  caller: Caller<Context>,
  options: CreateOptions,
): Promise<Created | null> {
  let upload = draft
  if (!(await ports.store.create(upload, options))) {
    if (final === null || upload.id !== (await idOfFinal(final))) throw idTaken(upload.id)
    if ((await repeatedFinal(ports, final, caller)) !== null) return null
    // The id belongs to an upload that was rejected or removed.
    upload = { ...upload, id: ports.newId() }
    if (!(await ports.store.create(upload))) throw idTaken(upload.id)
  }
  const created = emptyUpload(upload)
  if (final !== null) ports.finals.add(created, final)
  return { upload: created, headers }
}

/** The upload that a client asks for, as the application allows and changes it. */
async function draftOf<Context>(
  ports: Ports<Context>,
  command: CreateCommand,
  final: string | null,
  caller: Caller<Context>,
): Promise<Draft> {
  const id = final === null ? ports.newId() : await idOfFinal(final)
  const draft = await adjust(ports, await drafted(ports, command, id, caller), caller)
  assertFits(ports, draft.upload, command)
  return draft
}

async function drafted<Context>(
  ports: Ports<Context>,
  { length, metadata, concatenation, concatenationField, completion }: CreateCommand,
  id: string,
  caller: Caller<Context>,
): Promise<NewUpload> {
  const { hooks } = ports
  const owner = caller.context === null ? null : ((await hooks.identify?.(caller.context)) ?? null)
  return {
    id,
    length,
    metadata,
    owner,
    attributes: {},
    concatenation,
    concatenationField,
    ...(completion === 'at_length' ? {} : { completion: 'explicit' }),
    createdAt: new Date(),
  }
}

async function adjust<Context>(
  ports: Ports<Context>,
  draft: NewUpload,
  caller: Caller<Context>,
): Promise<Draft> {
  await authorize(ports, 'create', draft, caller)
  const { beforeCreate } = ports.hooks
  if (beforeCreate === undefined) return { upload: draft, headers: {} }
  return applyChanges(draft, (await beforeCreate(draft, caller)) ?? {})
}

/** Refuses an upload that is longer than the limit that its hook set, or that comes with a longer body. */
function assertFits<Context>(
  { capabilities }: Ports<Context>,
  upload: NewUpload,
  { body }: CreateCommand,
): void {
  if (upload.maxLength === undefined) return
  const known = upload.length ?? body?.length ?? null
  if (known !== null) assertAllowedLength(capabilities, known, upload)
}
